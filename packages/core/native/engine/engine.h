// The engine behind its doors (doors/addon.cc, doors/wasm.cc): operations by number, called through a mailbox.
//
// JavaScript writes a call into the mailbox, an array of doubles:
//
//     operation's number, count of inputs, for each input: address, type, rank, dims…,
//     for each attribute that the operation declares: count, numbers…
//
// and finds the results there: count of outputs, for each: address, type, rank, dims…. The outputs are blocks of
// `allocate` that belong to JavaScript from then on.
#pragma once
#include <cstddef>
#include <string>

namespace counterweight {

constexpr size_t mailboxLength = 65536;

// The calling thread's.
double* mailbox();

// Calls what lies in the mailbox. False when it failed: `message` says why.
bool run();
const char* message();

// `[{"name":"CwSwiglu","attributes":[]},…]`, in the order of the operations' numbers.
const std::string& describe();

}  // namespace counterweight
