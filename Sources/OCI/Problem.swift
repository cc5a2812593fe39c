//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// Something in an image that a specification forbids, or that a reader of images is known to refuse or to get wrong.
public struct Problem: Hashable, Sendable {
    /// What is wrong.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// A document cannot be read.
        case malformedDocument
        /// A blob is not there.
        case missingBlob
        /// A blob's size is not that of its descriptor.
        case wrongSize
        /// A blob's content is not that of its digest.
        case wrongDigest
        /// A layer's tar is not that of the configuration's diffID.
        case wrongDiffID
        /// The configuration has more or fewer diffIDs than the manifest has layers.
        case layerCount
        /// The history's steps with layers are more or fewer than the layers.
        case historyCount
        /// A descriptor's media type is unknown, or the blob is something else.
        case wrongMediaType
        /// More layers than readers can stack.
        case tooManyLayers
        /// A layer's tar is damaged.
        case malformedLayer
        /// A path stands twice in a layer; `./x` and `x` are the same.
        case duplicatePath
        /// An entry's path leads out of the root.
        case escapingPath
        /// Something follows the end-of-archive blocks, which every reader drops in silence.
        case trailingData
        /// A layer has no end-of-archive blocks.
        case missingEnd
        /// A hard link's target is not in the same layer.
        case hardlinkAcrossLayers
        /// A hard link stands before its target.
        case hardlinkBeforeTarget
        /// A path leads through a symbolic link or a file, of this layer or a lower one.
        case throughNonDirectory
        /// A parent directory has no entry in the layer.
        case missingParent
        /// A whiteout has content, names nothing, or removes what its own layer holds.
        case badWhiteout
        /// A Zstandard frame that readers skip stands first.
        case skippableFrameFirst
        /// A Zstandard frame needs more memory than readers give.
        case windowTooLarge
        /// A pax header for all entries, which some readers refuse.
        case globalHeader
        /// Extended attributes stand in libarchive's own form alone, which readers ignore.
        case attributesLost
        /// A device, pipe or socket.
        case device
        /// An entry names its owners.
        case namedOwner
        /// A gzip header holds a time or a name, which differ from build to build.
        case gzipHeader
        /// docker's `manifest.json` names other blobs than the index.
        case dockerManifest
    }

    /// What is wrong.
    public let code: Code
    /// Where: a document, or a layer and a path in it.
    public let place: String
    /// More about it, for a person.
    public let detail: String

    /// A problem.
    public init(_ code: Code, _ place: String, _ detail: String) {
        self.code = code
        self.place = place
        self.detail = detail
    }
}

extension Problem: CustomStringConvertible {
    /// `place: detail`.
    public var description: String { "\(place): \(detail)" }
}
