//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection

/// A finding as one line of a golden file.
func text(of finding: Finding) -> String { "\(finding)" }
