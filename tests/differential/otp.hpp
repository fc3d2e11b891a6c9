// SPDX-License-Identifier: Apache-2.0
#pragma once

// The installed OTP as an oracle: one virtual machine that runs systools:make_relup/4 in one
// directory after the other (systools_oracle.escript). Requests may be sent ahead; answers come in
// their order. Throws std::runtime_error when the machine does not answer.

#include <string>
#include <vector>

#include <sys/types.h>

#include "differential/release_pair.hpp"
#include "term/term.hpp"

namespace relup::differential {

struct OtpAnswer {
  Term result;                       // what make_relup returned, or {crash, Class, Text}
  std::optional<std::string> relup;  // the file that it wrote
};

class Otp {
 public:
  explicit Otp(const std::string& script);
  Otp(const Otp&) = delete;
  Otp& operator=(const Otp&) = delete;
  ~Otp();

  int release() const { return release_; }  // 25 and up

  // `directory` holds the files of a pair; it becomes the current directory of the machine.
  void ask(const std::string& directory, const Call& call);
  OtpAnswer answer();

 private:
  void send(const std::string& bytes) const;
  std::string receive() const;

  pid_t process_ = -1;
  int requests_ = -1;
  int answers_ = -1;
  int release_ = 0;
};

}  // namespace relup::differential
