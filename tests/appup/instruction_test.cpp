// SPDX-License-Identifier: Apache-2.0
#include "appup/instruction.hpp"

#include <gmock/gmock.h>

#include "term/printer.hpp"
#include "term/term_file.hpp"

namespace relup::appup {
namespace {

Term term(const std::string& text) {
  return parse_single_term("test", text + ".");
}

class RightInstruction : public ::testing::TestWithParam<const char*> {};

TEST_P(RightInstruction, ReadsAndWritesBackAsItWas) {
  const auto read = read_instruction(term(GetParam()));
  ASSERT_TRUE(std::holds_alternative<Action>(read)) << std::get<InstructionFault>(read).message;
  EXPECT_EQ(print(to_term(std::get<Action>(read))), GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    HighLevel, RightInstruction,
    ::testing::Values(
        "{update,m,dynamic,default,soft,brutal_purge,brutal_purge,[]}",
        "{update,m,static,infinity,{advanced,{a,\"b\"}},soft_purge,brutal_purge,[a,b]}",
        "{update,m,dynamic,1,{advanced,[]},brutal_purge,soft_purge,[]}",
        "{update,m,dynamic,123456789012345678901234567890,soft,soft_purge,soft_purge,[]}",
        "{load_module,m,soft_purge,brutal_purge,[a]}", "{add_module,m,[]}", "{add_module,m,[a]}",
        "{delete_module,m,[a]}", "{add_application,a,permanent}", "{add_application,a,transient}",
        "{add_application,a,temporary}", "{add_application,a,load}", "{add_application,a,none}",
        "{remove_application,a}", "{restart_application,a}"));

INSTANTIATE_TEST_SUITE_P(
    LowLevel, RightInstruction,
    ::testing::Values("{load_object_code,{lib,\"1.0\",[a,b]}}", "point_of_no_return",
                      "{load,{m,soft_purge,brutal_purge}}", "{remove,{m,brutal_purge,soft_purge}}",
                      "{purge,[a,b]}", "{suspend,[a,{b,infinity},{c,17},{d,default}]}",
                      "{resume,[a]}", "{code_change,[{m,extra}]}", "{code_change,up,[{m,[]}]}",
                      "{code_change,down,[]}", "{stop,[a]}", "{start,[a]}", "{sync_nodes,id,[n@h]}",
                      "{sync_nodes,{any,term},{m,f,[]}}", "{apply,{m,f,[1,2]}}",
                      "restart_new_emulator", "restart_emulator", "restart", "reboot"));

struct SixOrSeven {
  const char* written;
  const char* full;
};

class UpdateOfFewerElements : public ::testing::TestWithParam<SixOrSeven> {};

TEST_P(UpdateOfFewerElements, HasDefaultsInFront) {
  const auto read = read_instruction(term(GetParam().written));
  ASSERT_TRUE(std::holds_alternative<Action>(read));
  EXPECT_EQ(print(to_term(std::get<Action>(read))), GetParam().full);
}

INSTANTIATE_TEST_SUITE_P(
    All, UpdateOfFewerElements,
    ::testing::Values(SixOrSeven{"{update,m,soft,soft_purge,soft_purge,[]}",
                                 "{update,m,dynamic,default,soft,soft_purge,soft_purge,[]}"},
                      SixOrSeven{"{update,m,500,soft,soft_purge,soft_purge,[]}",
                                 "{update,m,dynamic,500,soft,soft_purge,soft_purge,[]}"},
                      SixOrSeven{"{add_module,m}", "{add_module,m,[]}"},
                      SixOrSeven{"{delete_module,m}", "{delete_module,m,[]}"}));

struct Wrong {
  const char* written;
  const char* reason;  // as in {error,systools_rc,Reason}
};

class WrongInstruction : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongInstruction, IsTheFaultThatOtpReports) {
  const auto read = read_instruction(term(GetParam().written));
  ASSERT_TRUE(std::holds_alternative<InstructionFault>(read));
  const InstructionFault& fault = std::get<InstructionFault>(read);
  EXPECT_EQ(print(fault.reason), GetParam().reason);
  EXPECT_FALSE(fault.message.empty());
  EXPECT_FALSE(fault.expected.empty());
  EXPECT_GT(fault.span.end, fault.span.begin) << "a fault knows its place";
}

INSTANTIATE_TEST_SUITE_P(
    HighLevel, WrongInstruction,
    ::testing::Values(
        Wrong{"{update,\"m\",soft,soft_purge,soft_purge,[]}", "{bad_module,\"m\"}"},
        Wrong{"{update,m,hard,soft_purge,soft_purge,[]}", "{bad_change,hard}"},
        Wrong{"{update,m,soft,soft,soft_purge,[]}", "{bad_purge_method,soft}"},
        Wrong{"{update,m,soft,soft_purge,hard_purge,[]}", "{bad_purge_method,hard_purge}"},
        Wrong{"{update,m,soft,soft_purge,soft_purge,a}", "{bad_list,a}"},
        Wrong{"{update,m,soft,soft_purge,soft_purge,[a,1]}", "{bad_module,1}"},
        Wrong{"{update,m,0,soft,soft_purge,soft_purge,[]}", "{bad_timeout,0}"},
        Wrong{"{update,m,-123456789012345678901234567890,soft,soft_purge,soft_purge,[]}",
              "{bad_timeout,-123456789012345678901234567890}"},
        Wrong{"{update,m,strange,default,soft,soft_purge,soft_purge,[]}", "{bad_mod_type,strange}"},
        Wrong{"{update,m,soft}", "{bad_instruction,{update,m,soft}}"},
        Wrong{"{load_module,m,soft_purge,brutal,[]}", "{bad_purge_method,brutal}"},
        Wrong{"{load_module,m}", "{bad_instruction,{load_module,m}}"},
        Wrong{"{add_module,1}", "{bad_module,1}"}, Wrong{"{delete_module,m,x}", "{bad_list,x}"},
        Wrong{"{add_application,a,soon}", "{bad_start_type,soon}"},
        Wrong{"{add_application,1,none}", "{bad_application,1}"},
        Wrong{"{remove_application,\"a\"}", "{bad_application,\"a\"}"},
        Wrong{"{restart_application,{a}}", "{bad_application,{a}}"}));

INSTANTIATE_TEST_SUITE_P(
    LowLevel, WrongInstruction,
    ::testing::Values(Wrong{"mnesia_backup", "{not_yet_implemented,mnesia_backup}"},
                      Wrong{"nonsense", "{bad_instruction,nonsense}"},
                      Wrong{"17", "{bad_instruction,17}"}, Wrong{"{}", "{bad_instruction,{}}"},
                      Wrong{"{update}", "{bad_instruction,{update}}"},
                      Wrong{"{1,m}", "{bad_instruction,{1,m}}"},
                      Wrong{"{load_object_code,{\"lib\",\"1\",[]}}", "{bad_lib,\"lib\"}"},
                      Wrong{"{load_object_code,{lib,one,[]}}", "{bad_lib_vsn,one}"},
                      Wrong{"{load_object_code,{lib,\"1\",[1]}}", "{bad_module,1}"},
                      Wrong{"{load,{m,soft_purge}}", "{bad_instruction,{load,{m,soft_purge}}}"},
                      Wrong{"{load,{m,x,soft_purge}}", "{bad_purge_method,x}"},
                      Wrong{"{remove,{m,soft_purge,x}}", "{bad_purge_method,x}"},
                      Wrong{"{purge,m}", "{bad_list,m}"}, Wrong{"{purge,[a|b]}", "[]"},
                      Wrong{"{suspend,[{m,soon}]}", "{bad_timeout,soon}"},
                      Wrong{"{suspend,[{m,1,2}]}", "{bad_module,{m,1,2}}"},
                      Wrong{"{resume,[1]}", "{bad_module,1}"},
                      Wrong{"{code_change,sideways,[]}", "{bad_mode,sideways}"},
                      Wrong{"{code_change,[m]}", "{bad_code_change,m}"},
                      Wrong{"{sync_nodes,id,[\"n\"]}", "{bad_node,\"n\"}"},
                      Wrong{"{sync_nodes,id,{m,f,x}}", "{bad_args_list,x}"},
                      Wrong{"{apply,{m,\"f\",[]}}", "{bad_func,\"f\"}"},
                      Wrong{"{apply,{m,f,x}}", "{bad_args_list,x}"},
                      Wrong{"{apply,{1,f,[]}}", "{bad_module,1}"}));

TEST(InstructionFaults, PointAtTheWrongPart) {
  const Term written = term("{load_module, m, soft_purge, brutal, []}");
  const auto fault = std::get<InstructionFault>(read_instruction(written));
  EXPECT_EQ(fault.span, (Span{29, 35}));
  EXPECT_EQ(fault.message, "brutal is not a purge method");
  EXPECT_EQ(fault.expected, "soft_purge or brutal_purge");
}

}  // namespace
}  // namespace relup::appup
