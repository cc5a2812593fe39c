//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Archive
import Store

/// Everything in a layout that a specification forbids or that a reader is known to refuse or to get wrong; empty for a
/// good one. Every blob is read.
///
/// Of gzip, the header of the first member alone is looked at.
///
/// - Parameter layerBudget: how many layers an image may have; docker's overlay2 storage fails at 128.
/// - Throws: ``OCIError`` if something cannot be read for reasons outside of the layout.
public func validate(_ layout: ImageLayout, layerBudget: Int = 100) throws(OCIError) -> [Problem] {
    var validator = Validator(layout: layout, layerBudget: layerBudget)
    let images: [(descriptor: Descriptor, manifest: Manifest)]
    do throws(OCIError) {
        images = try layout.manifests()
    } catch {
        switch error {
        case .malformed(let document, let reason): return [Problem(.malformedDocument, document, reason)]
        case .missingBlob(let digest): return [Problem(.missingBlob, "\(digest)", "it is not in the layout")]
        default: throw error
        }
    }
    try validator.checkDocuments(layout.index.manifests)
    for image in images { try validator.check(image.manifest) }
    validator.checkDocker(images.map(\.manifest))
    return validator.problems
}

private struct Validator {
    let layout: ImageLayout
    let layerBudget: Int
    var problems: [Problem] = []

    mutating func add(_ code: Problem.Code, _ place: String, _ detail: String) {
        problems.append(Problem(code, place, detail))
    }

    mutating func checkDocuments(_ descriptors: [Descriptor]) throws(OCIError) {
        for descriptor in descriptors {
            _ = try blob(descriptor)
            if descriptor.mediaType != MediaType.manifest && descriptor.mediaType != MediaType.index {
                add(.wrongMediaType, "index.json", "`\(descriptor.mediaType)` is no image")
            }
        }
    }

    mutating func check(_ manifest: Manifest) throws(OCIError) {
        guard try blob(manifest.config) != nil else { return }
        let config: ImageConfig
        do throws(OCIError) {
            config = try layout.config(of: manifest)
        } catch {
            return add(.malformedDocument, "\(manifest.config.digest)", error.description)
        }
        if manifest.config.mediaType != MediaType.config {
            add(.wrongMediaType, "config", "`\(manifest.config.mediaType)` is no configuration")
        }
        let diffIDs = config.rootFileSystem.diffIDs
        if diffIDs.count != manifest.layers.count {
            add(.layerCount, "config", "\(diffIDs.count) diffIDs for \(manifest.layers.count) layers")
        }
        if let history = config.history {
            let steps = history.count { $0.isEmptyLayer != true }
            if steps != diffIDs.count { add(.historyCount, "config", "\(steps) steps for \(diffIDs.count) layers") }
        }
        if manifest.layers.count > layerBudget {
            add(.tooManyLayers, "manifest", "\(manifest.layers.count) layers are more than \(layerBudget)")
        }
        var inspector = LayerInspector()
        for (index, layer) in manifest.layers.enumerated() {
            let place = "layer \(index + 1)"
            guard let blob = try blob(layer), let source = try layout.source(layer.digest) else { continue }
            try checkCompression(blob, layer, place)
            let diffID = try inspector.inspect(source, named: place)
            if let diffID, diffIDs.indices.contains(index), diffID != diffIDs[index] {
                add(.wrongDiffID, place, "its tar is `\(diffID)`, not `\(diffIDs[index])`")
            }
        }
        problems += inspector.problems
    }

    /// The blob of a descriptor, whose size and digest are checked.
    private mutating func blob(_ descriptor: Descriptor) throws(OCIError) -> BlobReader? {
        let place = "\(descriptor.digest)"
        guard let source = try layout.source(descriptor.digest), let blob = try BlobReader(source) else {
            add(.missingBlob, place, "it is not in the layout")
            return nil
        }
        if blob.size != descriptor.size {
            add(.wrongSize, place, "it has \(blob.size) bytes, not \(descriptor.size)")
        }
        let actual = try blob.digest()
        if actual != descriptor.digest { add(.wrongDigest, place, "its content is `\(actual)`") }
        return blob
    }

    private mutating func checkCompression(
        _ blob: BlobReader, _ layer: Descriptor, _ place: String
    ) throws(OCIError) {
        let compression = try BlobCompression(blob)
        let expected =
            switch compression {
            case .none: MediaType.layer
            case .gzip: MediaType.layerGzip
            case .zstd: MediaType.layerZstd
            }
        if layer.mediaType != expected {
            add(.wrongMediaType, place, "`\(layer.mediaType)` is said of what is `\(expected)`")
        }
        switch compression {
        case .none: break
        case .gzip:
            // RFC 1952: flags, then four bytes of time.
            let header = try blob.bytes(at: 0, 10)
            if header.count == 10, header[3] != 0 || header[4..<8] != [0, 0, 0, 0] {
                add(.gzipHeader, place, "its gzip header holds a time or a name")
            }
        case .zstd:
            guard let frames = try ZstdFrames(blob) else {
                return add(.malformedLayer, place, "its frames are damaged")
            }
            if frames.isSkippableFirst { add(.skippableFrameFirst, place, "a frame that is skipped stands first") }
            if frames.largestWindow > 8 << 20 {
                add(.windowTooLarge, place, "a window of \(frames.largestWindow) bytes is more than 8 MiB")
            }
        }
    }

    /// docker loads what `manifest.json` names; it must be one of the images.
    mutating func checkDocker(_ manifests: [Manifest]) {
        guard let bytes = layout.dockerManifest else { return }
        do throws(OCIError) {
            let expected = manifests.map { DockerImage($0, names: []) }
            for image in try parse(bytes, as: [DockerImage].self, document: "manifest.json") {
                if !expected.contains(where: { $0.config == image.config && $0.layers == image.layers }) {
                    add(.dockerManifest, "manifest.json", "`\(image.config)` is no image of the index")
                }
            }
        } catch {
            add(.malformedDocument, "manifest.json", error.description)
        }
    }
}
