// SPDX-License-Identifier: Apache-2.0
#include "policy/embedded_term.hpp"

#include "policy/scalar_places.hpp"
#include "policy/version_template.hpp"
#include "term/parser.hpp"

namespace relup::policy {
namespace {

constexpr std::string_view right = "an Erlang term in quotes";

// From places in the text of a scalar to places in the file.
class PlaceMap {
 public:
  PlaceMap(const YamlNode& scalar, const SourceText& file)
      : whole_(scalar.span), places_(scalar_places(file.text(), scalar.span.begin, scalar.text)) {}

  Span operator()(Span span) const {
    if (!places_) return whole_;
    const std::vector<std::uint32_t>& offsets = places_->offsets;
    if (span.begin >= offsets.size()) return whole_;
    const std::size_t last = std::clamp<std::size_t>(span.end, span.begin + 1, offsets.size()) - 1;
    return {offsets[span.begin], offsets[last] + 1};
  }

 private:
  Span whole_;
  std::optional<ScalarPlaces> places_;
};

Term relocated(const Term& term, const PlaceMap& places) {
  const Span place = places(term.span());
  if (term.text()) return term.at(place);
  return with_parts(term, [&](const Term& part) { return relocated(part, places); }).at(place);
}

void add_syntax_error(const SyntaxError& error, const YamlNode& node, std::string_view what,
                      const PlaceMap& places, Faults& faults) {
  const bool too_short = error.span.begin >= node.text.size();
  const std::string found = too_short ? "the term ends too early" : error.message;
  const bool is_known = !error.expected.empty() &&
                        !(too_short && error.expected.find("full stop") != std::string::npos);
  faults.add(places(error.span), "no Erlang term in " + std::string(what) + ": " + found,
             is_known ? "expected " + error.expected : "");
}

}  // namespace

std::optional<Term> read_term(const YamlNode& node, std::string_view what, Faults& faults) {
  if (node.kind != YamlNode::Kind::scalar) {
    faults.add_wrong(node, what, right);
    return std::nullopt;
  }
  auto parsed = parse_terms(SourceText("", node.text));
  // The line break ends a comment that may stand there.
  if (std::holds_alternative<SyntaxError>(parsed)) {
    parsed = parse_terms(SourceText("", node.text + "\n."));
  }
  const PlaceMap places(node, *faults.source());
  if (const auto* error = std::get_if<SyntaxError>(&parsed)) {
    add_syntax_error(*error, node, what, places, faults);
    return std::nullopt;
  }
  const auto& terms = std::get<std::vector<ParsedTerm>>(parsed);
  if (terms.size() != 1) {
    faults.add(node.span,
               std::string(what) + " holds " + std::to_string(terms.size()) + " Erlang terms",
               "expected one");
    return std::nullopt;
  }
  return relocated(terms.front().term, places);
}

std::vector<Term> read_terms(const YamlNode& node, std::string_view what, Faults& faults) {
  std::vector<Term> terms;
  const auto read = [&](const YamlNode& item) {
    const std::optional<Term> term = read_term(item, what, faults);
    if (!term) return;
    const bool is_several = term->is_nil() || (term->is_proper_list() && !term->text());
    if (!is_several) return terms.push_back(*term);
    terms.insert(terms.end(), term->as_list()->begin(), term->as_list()->end());
  };
  if (node.kind == YamlNode::Kind::scalar) {
    read(node);
  } else if (node.kind == YamlNode::Kind::list) {
    for_each_item(node, what, "", faults, read);
  } else {
    std::string one_or_many(right);
    one_or_many += ", or a list of such";
    faults.add_wrong(node, what, one_or_many);
  }
  return terms;
}

}  // namespace relup::policy
