// SPDX-License-Identifier: Apache-2.0
#include "differential/otp.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "term/external.hpp"

namespace relup::differential {
namespace {

constexpr int patience = 120'000;  // milliseconds that an answer may take

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error("the OTP oracle: " + what);
}

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail(std::strerror(errno));
  return ends;
}

// In the child: the ends become descriptors 3 and 4, whatever their numbers were.
[[noreturn]] void become_machine(int requests, int answers, const std::string& script) {
  const int in = fcntl(requests, F_DUPFD, 10);
  const int out = fcntl(answers, F_DUPFD, 10);
  dup2(in, 3);
  dup2(out, 4);
  close(in);
  close(out);
  execlp("escript", "escript", script.c_str(), nullptr);
  _exit(127);
}

Term base_terms(const std::vector<Base>& bases) {
  Term::Elements terms;
  for (const Base& base : bases) {
    const Term name = Term::string(base.rel);
    terms.push_back(base.description ? Term::tuple({name, *base.description}) : name);
  }
  return Term::list(std::move(terms));
}

Term option_terms(const Call& call) {
  Term::Elements path;
  for (const std::string& directory : call.path)
    path.push_back(Term::string(directory));
  Term::Elements options{Term::atom("silent"), tagged("path", Term::list(std::move(path)))};
  if (call.restart_emulator) options.push_back(Term::atom("restart_emulator"));
  if (call.warnings_as_errors) options.push_back(Term::atom("warnings_as_errors"));
  return Term::list(std::move(options));
}

}  // namespace

Otp::Otp(const std::string& script) {
  const auto requests = make_pipe();
  const auto answers = make_pipe();
  process_ = fork();
  if (process_ < 0) fail(std::strerror(errno));
  if (process_ == 0) become_machine(requests[0], answers[1], script);
  close(requests[0]);
  close(answers[1]);
  requests_ = requests[1];
  answers_ = answers[0];
  const Term ready = decode_external(receive());
  if (!ready.is_tagged("ready", 2)) fail("it did not come up");
  release_ = static_cast<int>(*(*ready.as_tuple())[1].as_small_integer());
}

Otp::~Otp() {
  close(requests_);
  close(answers_);
  // It ends by itself when nobody asks any more.
  for (int tries = 0; tries < 50; ++tries) {
    if (waitpid(process_, nullptr, WNOHANG) != 0) return;
    usleep(100'000);
  }
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

void Otp::ask(const std::string& directory, const Call& call) {
  const Term request =
      Term::tuple({Term::string(directory), Term::string(call.top), base_terms(call.up),
                   base_terms(call.down), option_terms(call)});
  send(encode_external(request));
}

OtpAnswer Otp::answer() {
  const Term pair = decode_external(receive());
  const Term::Elements& parts = *pair.as_tuple();
  OtpAnswer answer{parts[0], std::nullopt};
  if (const Term::Bits* bytes = parts[1].as_bits()) answer.relup = bytes->bytes;
  return answer;
}

void Otp::send(const std::string& bytes) const {
  std::string packet;
  for (int shift = 24; shift >= 0; shift -= 8)
    packet += static_cast<char>((bytes.size() >> static_cast<unsigned>(shift)) & 0xFFU);
  packet += bytes;
  for (std::string_view rest = packet; !rest.empty();) {
    const ssize_t written = write(requests_, rest.data(), rest.size());
    if (written <= 0) fail("it takes no request");
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string Otp::receive() const {
  std::string bytes;
  std::size_t wanted = 4;
  bool have_length = false;
  while (bytes.size() < wanted) {
    pollfd ready{answers_, POLLIN, 0};
    if (poll(&ready, 1, patience) <= 0) fail("no answer");
    std::array<char, 65536> buffer{};
    const ssize_t count =
        read(answers_, buffer.data(), std::min(buffer.size(), wanted - bytes.size()));
    if (count <= 0) fail("it has gone");
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
    if (have_length || bytes.size() < wanted) continue;
    wanted = 0;
    for (const char byte : bytes)
      wanted = wanted << 8U | static_cast<unsigned char>(byte);
    bytes.clear();
    have_length = true;
  }
  return bytes;
}

}  // namespace relup::differential
