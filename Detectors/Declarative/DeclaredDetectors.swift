//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
public import Detection

/// The detectors that a repository brings along and those of the user, in the order of the names of their files.
///
/// - Parameters:
///   - root: The repository's folder; its `.fitout/detectors` is read.
///   - configuration: The user's configuration folder for Fitout; its `detectors` is read. Nil for none.
/// - Throws: ``DetectorDescriptionError`` for a description that cannot be read, with its line and column.
public func declaredDetectors(
    in root: String, configuration: String? = nil
) throws(DetectorDescriptionError) -> [any Detector] {
    var detectors: [any Detector] = []
    let folders = [root + "/.fitout/detectors"] + (configuration.map { [$0 + "/detectors"] } ?? [])
    for folder in folders {
        // A folder that is not there describes nothing.
        guard let checkout = try? Checkout(root: folder) else { continue }
        for file in checkout.files where file.depth == 0 && isYAML(file.name) {
            let path = "\(folder)/\(file.name)"
            let bytes: [UInt8]
            do throws(CheckoutError) {
                bytes = try checkout.read(file.path)
            } catch {
                throw DetectorDescriptionError(path: path, line: 1, column: 1, problem: "\(error)")
            }
            detectors.append(try DeclaredDetector(bytes, path: path))
        }
    }
    return detectors
}

/// The detectors that ship with the tool as descriptions; `problems` holds what is wrong with any that cannot be read,
/// which the tests keep empty.
let builtInDescriptions: (detectors: [any Detector], problems: [DetectorDescriptionError]) = {
    var detectors: [any Detector] = []
    var problems: [DetectorDescriptionError] = []
    for name in DataFile.names(below: "Declarative/") {
        do throws(DetectorDescriptionError) {
            detectors.append(try DeclaredDetector(shipped: DataFile.bytes(name), path: name))
        } catch {
            problems.append(error)
        }
    }
    return (detectors, problems)
}()
