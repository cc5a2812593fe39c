//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Layers
import Lock
import Store
import SystemPackage

extension Workshop {
    /// The folders with the layers' content, lowest first, for the sandbox.
    func folders(of layers: [Layer]) throws(BuilderError) -> [FilePath] {
        var folders: [FilePath] = []
        for layer in layers {
            do {
                folders.append(
                    try store.tree("layer", layer.diffID) { folder in
                        report(.phase("unpacking layers"))
                        try store.check(layer.digest)
                        try unpackLayer(layer, from: store, to: folder)
                    })
            } catch let error as LayerError {
                throw .layers(error)
            } catch let error as StoreError {
                throw .store(error)
            } catch {
                throw .cancelled
            }
        }
        return folders
    }
}
