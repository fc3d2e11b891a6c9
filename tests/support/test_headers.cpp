// SPDX-License-Identifier: Apache-2.0
//
// Empty: it belongs to the library whose precompiled headers all programs of GoogleTest use.
