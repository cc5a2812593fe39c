//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

/// The first document of a YAML 1.1 text in UTF-8 or UTF-16, or `nil` when there is none.
///
/// - Parameters:
///   - bytes: The text.
///   - allowingDuplicateKeys: Whether the last of several equal keys of a mapping counts. Otherwise they are an error.
/// - Throws: ``YAMLError`` for a text that is not YAML, for an alias that refers to nothing or to what is around it,
///   for aliases that expand to more than a million nodes and for more than 200 collections within each other.
public func parseYAML(_ bytes: [UInt8], allowingDuplicateKeys: Bool = false) throws(YAMLError) -> YAMLNode? {
    var composer = try YAMLComposer(bytes, allowsDuplicateKeys: allowingDuplicateKeys)
    return try composer.next()
}

/// All documents of a YAML 1.1 text in UTF-8 or UTF-16.
///
/// - Parameters:
///   - bytes: The text.
///   - allowingDuplicateKeys: Whether the last of several equal keys of a mapping counts. Otherwise they are an error.
/// - Throws: ``YAMLError``, as ``parseYAML(_:allowingDuplicateKeys:)`` does.
public func parseYAMLDocuments(_ bytes: [UInt8], allowingDuplicateKeys: Bool = false) throws(YAMLError) -> [YAMLNode] {
    var composer = try YAMLComposer(bytes, allowsDuplicateKeys: allowingDuplicateKeys)
    var documents: [YAMLNode] = []
    while let document = try composer.next() { documents.append(document) }
    return documents
}
