// SPDX-License-Identifier: Apache-2.0
//
// The model must find faults, or what it finds right means nothing: one good script, and what it
// says of each way to spoil it.
#include "pairs/script_model.hpp"

#include <gmock/gmock.h>

#include "pairs/pair.hpp"
#include "pairs/upgrade.hpp"
#include "term/term_file.hpp"

namespace relup::pairs {
namespace {

using appup::Direction;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// shop_cart changes its state by a new function of shop_items.
class ScriptModel : public ::testing::Test {
 protected:
  ScriptModel() {
    write_pair(files_, "/", find_pair("order-process-and-plain"));
    const Upgrade upgrade(files_, {"/old"}, "/new");
    const generate::Generated generated = upgrade.generate();
    up_ = generated.relup.value().up.at(0).script;
    old_ = model_of(upgrade.bases().front());
    new_ = model_of(upgrade.target());
  }

  ModelNode node_after(const Script& script) const {
    ModelNode node(old_);
    node.run(script, Direction::up, new_);
    return node;
  }

  std::vector<std::string> faults_of(const Script& script) const {
    return node_after(script).faults();
  }

  static appup::Instruction step(const std::string& text) {
    const Term term = parse_single_term("step", text + ".");
    return {std::get<appup::Action>(appup::read_instruction(term)), nullptr, {}};
  }

  support::MemoryFileSystem files_;
  Script up_;
  ModelRelease old_;
  ModelRelease new_;
};

TEST_F(ScriptModel, FindsNothingInAGoodScript) {
  EXPECT_THAT(faults_of(up_), IsEmpty());
  EXPECT_THAT(node_after(up_).gaps(), IsEmpty());
}

TEST_F(ScriptModel, MissesEveryStepThatIsTakenOut) {
  ASSERT_EQ(up_.size(), 7U);
  for (std::size_t i = 0; i < up_.size(); ++i) {
    // Without its code change a process has the wrong state, which the model does not know.
    if (std::holds_alternative<appup::CodeChange>(up_[i].action)) continue;
    Script script = up_;
    script.erase(script.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_THAT(faults_of(script), Not(IsEmpty())) << "without step " << i;
  }
}

TEST_F(ScriptModel, KnowsWhatIsWrongWithAStep) {
  struct Spoiled {
    const char* step;  // put after all others
    const char* fault;
  };
  for (const Spoiled& test : {
           Spoiled{"point_of_no_return", "there are 2 points of no return"},
           Spoiled{"{load_object_code, {shop, \"2.0\", [shop_cart]}}",
                   "behind the point of no return"},
           Spoiled{"{load_object_code, {shop, \"1.0\", [shop_cart]}}",
                   "another version of the library"},
           Spoiled{"{load_object_code, {shop, \"2.0\", [nobody]}}", "the library has no nobody"},
           Spoiled{"{load, {nobody, soft_purge, soft_purge}}", "no object code was loaded"},
           Spoiled{"{remove, {shop_cart, soft_purge, soft_purge}}", "shop_cart is not loaded"},
           Spoiled{"{remove, {nobody, soft_purge, soft_purge}}", "it is not loaded"},
           Spoiled{"{suspend, [shop_cart]}", "shop_cart is still suspended"},
           Spoiled{"{resume, [shop_cart]}", "shop_cart is not suspended"},
           Spoiled{"{code_change, up, [{shop_cart, []}]}", "shop_cart is not suspended"},
           Spoiled{"{code_change, down, [{shop_cart, []}]}", "in the other direction"},
           Spoiled{"{code_change, up, [{shop_items, []}]}", "shop_items has no code_change"},
           Spoiled{"{apply, {application, start, [shop, permanent]}}", "it runs already"},
           Spoiled{"{apply, {application, stop, [shop]}}", "shop does not run"},
           Spoiled{"restart_emulator", "the model does not know this step"},
       }) {
    Script script = up_;
    script.push_back(step(test.step));
    EXPECT_THAT(faults_of(script), Contains(HasSubstr(test.fault))) << test.step;
  }
}

TEST_F(ScriptModel, FindsTheGapOfAWrongOrder) {
  Script script = up_;
  std::vector<std::size_t> loads;
  for (std::size_t i = 0; i < script.size(); ++i) {
    if (std::holds_alternative<appup::Load>(script[i].action)) loads.push_back(i);
  }
  ASSERT_EQ(loads.size(), 2U);
  std::swap(script[loads[0]], script[loads[1]]);
  const ModelNode node = node_after(script);
  EXPECT_THAT(node.faults(), IsEmpty());
  ASSERT_EQ(node.gaps().size(), 1U);
  EXPECT_EQ(node.gaps()[0].text,
            "after {load,{shop_cart,soft_purge,soft_purge}}: shop_cart calls shop_items:new/1");
}

TEST_F(ScriptModel, TellsNodesApart) {
  const ModelNode before(old_);
  EXPECT_TRUE(same_state(before, ModelNode(old_)));
  EXPECT_FALSE(same_state(before, node_after(up_)));
  EXPECT_TRUE(same_state(ModelNode(new_), node_after(up_)));
}

}  // namespace
}  // namespace relup::pairs
