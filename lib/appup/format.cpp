// SPDX-License-Identifier: Apache-2.0
#include "appup/format.hpp"

#include "appup/appup_text.hpp"
#include "appup/kept_appup.hpp"
#include "appup/text_layout.hpp"
#include "base/error.hpp"
#include "base/words.hpp"
#include "term/utf8.hpp"

namespace relup::appup {
namespace {

constexpr Dialect dialect = Dialect::otp27;

using ReadText = std::variant<KeptAppup, TermFault>;

// Text of a file that says `coding: latin-1`.
std::string to_latin1(std::string_view text) {
  std::string latin1;
  while (!text.empty())
    latin1 += static_cast<char>(static_cast<unsigned char>(take_code_point(text)));
  return latin1;
}

// Where lines count, as those with a `coding:` do, empty ones stay.
std::string take_heading(const SourceText& source, TextTree& tree) {
  const std::string_view heading = source.text({0, tree.begin});
  if (heading.find("coding") == std::string_view::npos) return "";
  tree.root.comments_in_front.clear();
  return std::string(without_blanks_at_end(heading)) +
         (tree.root.follows_empty_line ? "\n\n" : "\n");
}

std::string formatted(const KeptAppup& read, const std::string& bytes) {
  const SourceText& source = *read.file.source;
  const std::string_view text = source.text();
  TextTree tree = read_text_tree(source, *read.lexed, dialect);
  std::string head = take_heading(source, tree);
  head += lay_out(tree);
  const std::size_t end = tree.full_stop.begin + 1;
  if (std::string_view(bytes).starts_with(text)) {  // the text may be cut off where bytes are wrong
    return head + std::string(without_blanks_at_end(bytes.substr(end))) + "\n";
  }
  return to_latin1(head + std::string(without_blanks_at_end(text.substr(end))) + "\n");
}

std::vector<std::string_view> comments_of(const TermFile& read) {
  std::vector<std::string_view> comments;
  for (const Span comment : read.comments)
    comments.push_back(without_blanks_at_end(read.source->text(comment)));
  return comments;
}

// Blanks at the end of comments aside.
bool is_same(const KeptAppup& before, const ReadText& after) {
  const auto* read = std::get_if<KeptAppup>(&after);
  return read != nullptr && read->file.term == before.file.term &&
         comments_of(read->file) == comments_of(before.file);
}

Diagnostic is_elixir(const std::string& name) {
  Diagnostic finding;
  finding.rule = "syntax";
  finding.message = "an Elixir term has the layout of Elixir";
  finding.file = name;
  finding.notes.push_back("`mix format " + name + "` gives it");
  return finding;
}

}  // namespace

std::variant<std::string, Diagnostic> format_appup(const std::string& name,
                                                   const std::string& bytes) {
  const ReadText before = read_kept_appup(name, bytes, dialect);
  if (const auto* fault = std::get_if<TermFault>(&before)) return to_diagnostic(*fault);
  const KeptAppup& read = std::get<KeptAppup>(before);
  if (read.form == AppupForm::elixir) return is_elixir(name);
  if (authorship(bytes) == Authorship::generated) return bytes;
  std::string result = formatted(read, bytes);
  if (!is_same(read, read_kept_appup(name, result, dialect))) {
    throw Error(ErrorCode::bug, "formatting would change what " + name + " means")
        .with_hint("nothing was written; please report it with the file");
  }
  return result;
}

}  // namespace relup::appup
