//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers

/// Where things stand in an image.
public enum Place {
    /// The repository.
    public static let workspace = "/workspace"
    /// What is started first: lays generated files under the repository, then becomes the command.
    public static let entrypoint = "/opt/fitout/entrypoint"
    /// Python's environment.
    public static let environment = "/opt/venv"
    /// Files that installing the project generated in the repository.
    static let generated = EntryPath("opt/fitout/generated")
}
