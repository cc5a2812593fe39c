//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Layers
import Lock

/// Runs the command, after the files that installing the project generates have been laid under the repository where it
/// has none of that name: a mounted checkout does not have them.
private let entrypointScript = """
    #!/bin/sh
    # Lays files that installing the project generated under the repository, never over a file, and runs the command.
    generated=/opt/fitout/generated
    if [ -d "$generated" ] && [ -w /workspace ]; then
        (
            cd "$generated" || exit 0
            find . -mindepth 1 | while IFS= read -r path; do
                target="/workspace/${path#./}"
                if [ -e "$target" ] || [ -L "$target" ]; then continue; fi
                if [ -d "$path" ] && [ ! -L "$path" ]; then
                    mkdir -p "$target"
                else
                    cp -P --preserve=mode "$path" "$target"
                fi
            done
        )
    fi
    exec "$@"

    """

/// The layer that holds the entrypoint and the folder for the repository.
func entrypointPlan(_ lock: Lockfile, compression: Compression) -> LayerPlan {
    let time = lock.sourceDateEpoch
    var plan = LayerPlan(time: time, compression: compression)
    if let path = EntryPath(Place.entrypoint), let workspace = EntryPath(Place.workspace) {
        plan.generated = [
            .directory(workspace, mode: 0o755, mtime: time),
            .file(path, Array(entrypointScript.utf8), mode: 0o755, mtime: time),
        ]
    }
    return plan
}
