// SPDX-License-Identifier: Apache-2.0
#include "differential/form.hpp"

#include "differential/literals.hpp"
#include "term/printer.hpp"

namespace relup::differential {
namespace {

using Kind = Form::Kind;

class Writer {
 public:
  Writer(const Layout& layout, Random& random) : layout_(layout), random_(random) {}

  void write(const Form& form) {
    switch (form.kind) {
      case Kind::leaf:
        out_ += form.text;
        return;
      case Kind::tuple:
        return enclose(form, "{", "}");
      case Kind::list:
        return enclose(form, "[", "]");
      case Kind::map:
        return enclose(form, "#{", "}");
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void enclose(const Form& form, const char* opening, const char* closing) {
    out_ += opening;
    ++depth_;
    for (std::size_t i = 0; i < form.parts.size(); ++i) {
      if (i > 0) separate(form, i);
      gap();
      write(form.parts[i]);
    }
    --depth_;
    gap();
    out_ += closing;
  }

  void separate(const Form& form, std::size_t i) {
    const bool is_tail = form.has_tail && i + 1 == form.parts.size();
    // Blanks, lest the arrow runs into an operator.
    out_ += form.kind == Kind::map && i % 2 == 1 ? " => " : is_tail ? "|" : ",";
  }

  void gap() {
    if (layout_.spread && random_.percent(40)) {
      out_ += '\n';
      out_.append(2 * depth_, ' ');
    }
    if (layout_.comments && random_.percent(8)) {
      out_ += random_.percent(50) ? " % {not, a term\n" : "%% \"'$ }.\n";
    }
    if (layout_.odd_blanks && random_.percent(10)) {
      static const std::vector<std::string> blanks{"\t", "\f", "\v", "\u00A0", "\r\n", "\u0085"};
      out_ += random_.pick(blanks);
    }
  }

  const Layout& layout_;
  Random& random_;
  std::string out_;
  std::size_t depth_ = 0;
};

// All forms in the tree below `form`, with the list of parts that each stands in.
struct Place {
  std::vector<Form>* siblings;
  std::size_t index;
};

void collect(Form& form, std::vector<Place>& places) {
  for (std::size_t i = 0; i < form.parts.size(); ++i) {
    places.push_back({&form.parts, i});
    collect(form.parts[i], places);
  }
}

}  // namespace

Form leaf(std::string text) {
  return {Kind::leaf, std::move(text), {}, false};
}
Form atom(const std::string& name) {
  return leaf(print_atom(name));
}
Form string(const std::string& utf8) {
  return leaf(quoted(utf8, '"'));
}
Form integer(long long value) {
  return leaf(std::to_string(value));
}
Form tuple(std::vector<Form> parts) {
  return {Kind::tuple, "", std::move(parts), false};
}
Form list(std::vector<Form> parts) {
  return {Kind::list, "", std::move(parts), false};
}
Form atoms(const std::vector<std::string>& names) {
  std::vector<Form> parts;
  for (const std::string& name : names)
    parts.push_back(atom(name));
  return list(std::move(parts));
}

void mutate(Form& form, Random& random) {
  std::vector<Place> places;
  collect(form, places);
  if (places.empty()) {
    form = any_term(random, 2);
    return;
  }
  const Place place = random.pick(places);
  std::vector<Form>& siblings = *place.siblings;
  const auto at = siblings.begin() + static_cast<std::ptrdiff_t>(place.index);
  switch (random.below(6)) {
    case 0:
    case 1:
      *at = any_term(random, 2);
      return;
    case 2:
      siblings.erase(at);
      return;
    case 3:
      siblings.insert(at, Form(*at));
      return;
    case 4:
      siblings.insert(at, any_term(random, 1));
      return;
    default:
      std::swap(*at, siblings[random.below(siblings.size())]);
  }
}

void replace_part(Form& form, const std::string& text, Random& random) {
  std::vector<Place> places;
  collect(form, places);
  if (places.empty()) {
    form = leaf(text);
    return;
  }
  const Place place = random.pick(places);
  (*place.siblings)[place.index] = leaf(text);
}

Layout random_layout(Random& random) {
  return {random.percent(50), random.percent(15), random.percent(8)};
}

std::string write(const Form& form, const Layout& layout, Random& random) {
  Writer writer(layout, random);
  writer.write(form);
  return writer.take();
}

}  // namespace relup::differential
