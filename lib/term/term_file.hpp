// SPDX-License-Identifier: Apache-2.0
#pragma once

// From the bytes of a file of Erlang terms to a term: its encoding, its syntax, and what is to be
// said of a file in which one of them is wrong. The bytes come in, so that they may be those of a
// file, of a member of a tarball, or of a text that was just made; `name` names them in messages.

#include <string>
#include <variant>
#include <vector>

#include "term/parser.hpp"
#include "term/problem.hpp"

namespace relup {

struct TermFile {
  Source source;
  Term term;
  std::vector<Span> comments;  // those before the full stop
  Span full_stop;
};

// Why there is no term. Bytes that are not in the encoding of the file have no source and no place.
struct TermFault {
  SyntaxError error;
  std::string file;
  Source source;
};

// How much of the file must be in its encoding.
enum class Encoded {
  first_term,  // as systools reads .rel, .app and .appup: nothing after the full stop counts
  whole_file,  // as file:consult/1 reads
};

// The first term of a file. What follows its full stop is not parsed.
std::variant<TermFile, TermFault> read_first_term(std::string name, std::string bytes,
                                                  Dialect dialect = Dialect::otp27,
                                                  Encoded encoded = Encoded::first_term);

// The one term of a file that a program wrote (RELEASES, a relup); anything else is an Error
// (bad_input) that names the file and the place.
TermFile read_only_term(const std::string& name, std::string bytes);
// The term alone.
Term parse_single_term(const std::string& name, std::string bytes);

Diagnostic to_diagnostic(const TermFault& fault);

// For an Error: the file, the place where there is one, and what is wrong.
std::string describe(const TermFault& fault);

// The reason that `systools_lib:read_term/1` answers: `{read,File}` where OTP cannot cut the text
// into tokens, else `{parse,File,{Line,erl_parse,What}}`; [] for a text on which OTP crashes.
Term otp_reason(const SyntaxError& error, const std::string& file);

}  // namespace relup
