// SPDX-License-Identifier: Apache-2.0
#pragma once

// The appups of the target release by application, parsed from the text that will be written: the
// relup is compiled from what the files say, not from what was meant.

#include <map>
#include <string>

#include "base/diagnostic.hpp"
#include "relup/appup_scripts.hpp"

namespace relup::generate {

class GeneratedAppups final : public AppupSource {
 public:
  // `name` names the file in messages; what does not read goes to `diagnostics`.
  void add(Atom application, const std::string& name, const std::string& text, OtpVersion otp,
           Diagnostics& diagnostics);

  // Null where there is none, or none that reads.
  const appup::Appup* find(Atom application) const;
  const appup::Appup* find(const release::Application& application, Problems& problems) override;

 private:
  std::map<Atom, appup::Appup> appups_;
};

}  // namespace relup::generate
