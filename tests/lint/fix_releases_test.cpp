// SPDX-License-Identifier: Apache-2.0
//
// Fixes are tried in several runs of lint. The releases are read as if there were only one.
#include <atomic>

#include <gmock/gmock.h>

#include "lint/fix.hpp"
#include "support/compiled_modules.hpp"
#include "support/memory_file_system.hpp"
#include "support/sample_release.hpp"

namespace relup::lint {
namespace {

// The files of a release, and how often one of them was read.
class CountedFiles final : public release::ReleaseFiles {
 public:
  explicit CountedFiles(std::shared_ptr<const ReleaseFiles> files) : files_(std::move(files)) {}

  int reads() const { return reads_; }

  const std::string& name() const override { return files_->name(); }
  std::string place(const std::string& path) const override { return files_->place(path); }
  std::vector<std::string> paths() const override { return files_->paths(); }
  std::vector<std::string> names_in(const std::string& directory) const override {
    return files_->names_in(directory);
  }
  bool exists(const std::string& path) const override { return files_->exists(path); }
  std::string read(const std::string& path) const override {
    ++reads_;
    return files_->read(path);
  }
  void read_into(const std::string& path, ReadBuffer& buffer) const override {
    ++reads_;
    files_->read_into(path, buffer);
  }
  std::string sha256(const std::string& path) const override { return files_->sha256(path); }
  unsigned mode(const std::string& path) const override { return files_->mode(path); }

 private:
  std::shared_ptr<const ReleaseFiles> files_;
  mutable std::atomic<int> reads_ = 0;
};

std::string plain(const std::string& name, int answer) {
  return "-module(" + name + ").\n-compile(debug_info).\n-export([f/0]).\nf() -> " +
         std::to_string(answer) + ".\n";
}

// `bank` has an appup of its own in the new release.
support::SampleRelease sample(const std::string& version, int answer) {
  const auto modules = support::compile_modules({{"bank/price", plain("price", answer)},
                                                 {"shop/basket", plain("basket", 1)},
                                                 {"shop/cart", plain("cart", 1)},
                                                 {"shop/tax", plain("tax", answer)},
                                                 {"shop/till", plain("till", 1)}});
  support::SampleApplication bank{"bank", version};
  support::SampleApplication shop{"shop", version};
  for (const auto& [label, bytes] : modules) {
    support::SampleApplication& application = label.starts_with("bank/") ? bank : shop;
    application.modules[label.substr(label.find('/') + 1)] = bytes;
  }
  return {version, {bank, shop}};
}

class Upgrade {
 public:
  Upgrade() {
    support::write_release(files_, "/old", sample("1.0", 1));
    support::write_release(files_, "/new", sample("2.0", 2));
    files_.add_file("/new/lib/bank-2.0/ebin/bank.appup",
                    "{\"2.0\", [{\"1.0\", [{load_module, price}]}],"
                    " [{\"1.0\", [{load_module, price}]}]}.\n");
    trees_ = release::load_releases(files_, {"/old", "/new"}, {});
    for (release::ReleaseTree& tree : trees_) {
      counted_.push_back(std::make_shared<CountedFiles>(tree.reference.files));
      tree.reference.files = counted_.back();
    }
  }

  LintRequest request(const std::string& appup) const {
    LintRequest made;
    made.appups.push_back({"shop.appup", appup});
    made.from = {&trees_.front()};
    made.to = &trees_.back();
    return made;
  }

  int reads() const { return counted_.front()->reads() + counted_.back()->reads(); }

 private:
  support::MemoryFileSystem files_;
  std::vector<release::ReleaseTree> trees_;
  std::vector<std::shared_ptr<CountedFiles>> counted_;
};

// Three instructions for modules that did not change, and an apply whose function is looked at. The
// fixes of the last two overlap, so they are made one after the other.
constexpr const char* needless = R"({"2.0",
 [{"1.0", [{load_module, tax}, {apply, {tax, f, []}},
           {load_module, basket}, {load_module, cart}, {load_module, till}]}],
 [{"1.0", [{load_module, tax}]}]}.
)";

TEST(FixWithReleases, ReadsThemAsOftenAsLintDoes) {
  const Upgrade linted;
  run_lint(linted.request(needless));
  ASSERT_GT(linted.reads(), 0);

  const Upgrade fixed;
  EXPECT_EQ(fix(fixed.request(needless)).fixed, 3U);
  EXPECT_EQ(fixed.reads(), linted.reads());
}

TEST(FixWithReleases, IsWhatLintFinds) {
  const Upgrade upgrade;
  const FixResult result = fix(upgrade.request(needless));
  ASSERT_EQ(result.files.size(), 1U);
  const auto messages = [](const LintResult& linted) {
    std::vector<std::string> all;
    for (const Diagnostic& finding : linted.findings)
      all.push_back(finding.message);
    return all;
  };
  EXPECT_EQ(messages(result.found), messages(run_lint(upgrade.request(needless))));
  EXPECT_EQ(messages(result.remaining),
            messages(run_lint(upgrade.request(result.files.front().after))));
}

}  // namespace
}  // namespace relup::lint
