// SPDX-License-Identifier: Apache-2.0
#pragma once

// What OTP says of a text that holds no term. It reads a term as the body of a function, by the
// whole grammar of Erlang expressions, and asks afterwards whether the expression is a literal. So
// its errors speak of expressions: `syntax error before: X` for tokens that make none, "bad term"
// for one that is no literal.

#include <string>

#include "term/lexer.hpp"

namespace relup {

// `error` (of the first term of `source`) with OTP's view of it: kind `scan` where OTP does not
// come to parsing because a later token is none, else `otp_line` and `otp_what`. Both stay as they
// are where OTP would crash, or nests too deep for us.
SyntaxError with_otp_view(SyntaxError error, const SourceText& source, Dialect dialect);

// How OTP writes a token in "syntax error before: ".
std::string otp_token(const Token& token, const SourceText& source);

}  // namespace relup
