//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import JSON
import Layers
import Store

extension Workshop {
    /// Layers kept under `key`; nil unless all of them are still there.
    func storedLayers(_ key: Digest) -> [TitledLayer]? {
        guard let bytes = store.record("layers", key), let node = try? parseJSON(bytes), let items = node.array else {
            return nil
        }
        var layers: [TitledLayer] = []
        for item in items {
            guard let title = item["title"]?.string, let layerKey = item["key"]?.string.flatMap({ Digest($0) }),
                let layer = storedLayer(layerKey, in: store)
            else { return nil }
            layers.append(TitledLayer(layer: layer, title: title))
        }
        return layers
    }

    /// Keeps layers under `key`.
    func keepLayers(_ layers: [TitledLayer], as key: Digest) throws(BuilderError) {
        var items: [String] = []
        for (number, item) in layers.enumerated() {
            let layerKey = Digest.sha256(Array("\(key) \(number)".utf8))
            do throws(LayerError) { try keep(item.layer, as: layerKey, in: store) } catch { throw .layers(error) }
            items.append("{\"title\": \(jsonString(item.title)), \"key\": \(jsonString(layerKey.description))}")
        }
        let text = "[" + items.joined(separator: ", ") + "]"
        try wrappingStore { () throws(StoreError) in try store.setRecord("layers", key, Array(text.utf8)) }
    }
}
