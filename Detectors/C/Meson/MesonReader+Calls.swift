//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension MesonReader {
    /// Calls a function of Meson.
    mutating func call(_ name: String, _ arguments: MesonArguments) -> MesonValue {
        let place = line
        let values = arguments.positional.map { evaluate($0) }
        var named: [String: MesonValue] = [:]
        for key in arguments.named.keys.sorted() { named[key] = arguments.named[key].map { evaluate($0) } }
        line = place
        switch name {
        case "project": startProject(values, named)
        case "add_languages": values.dropFirst(0).flatMap(\.texts).forEach { readLanguage($0) }
        case "subdir":
            if let folder = values.first?.text { read(folder: joinPath(self.folder, folder)) }
        case "get_option": return values.first?.text.map { option($0) } ?? .unknown
        case "import": return .object("module " + (values.first?.text ?? ""))
        case "dependency": return findDependency(values.flatMap(\.texts), named)
        case "find_program": return findProgram(values.flatMap(\.texts), named)
        case "test": if firstTest == nil { firstTest = evidence }
        case "files": return .list(values)
        case "set_variable":
            if values.count == 2, let name = values[0].text { variables[name] = values[1] }
        case "get_variable":
            return values.first?.text.flatMap { variables[$0] } ?? (values.count > 1 ? values[1] : .unknown)
        case "is_variable": return values.first?.text.map { .boolean(variables[$0] != nil) } ?? .unknown
        case "join_paths": return .text(values.compactMap(\.text).joined(separator: "/"))
        case "range":
            if case .number(let end)? = values.first, end < 200 {
                return .list((0..<max(end, 0)).map(MesonValue.number))
            }
        default: break
        }
        return .unknown
    }

    /// Calls a method of a value.
    mutating func call(_ name: String, _ arguments: MesonArguments, on receiver: MesonValue) -> MesonValue {
        let place = line
        let values = arguments.positional.map { evaluate($0) }
        var named: [String: MesonValue] = [:]
        for key in arguments.named.keys.sorted() { named[key] = arguments.named[key].map { evaluate($0) } }
        line = place
        switch receiver {
        case .feature(let state): return feature(name, state, values)
        case .text(let text): return method(name, of: text, values)
        case .list(let items):
            switch name {
            case "contains": return mesonOperation("in", values.first ?? .unknown, receiver)
            case "length": return .number(items.count)
            case "get":
                if case .number(let index)? = values.first, items.indices.contains(index) { return items[index] }
            default: break
            }
        case .pairs(let pairs):
            guard let key = values.first?.text else {
                return name == "keys" ? .list(pairs.map { .text($0.key) }) : .unknown
            }
            if name == "has_key" { return .boolean(pairs.contains { $0.key == key }) }
            if name == "get" {
                return pairs.first { $0.key == key }?.value ?? (values.count > 1 ? values[1] : .unknown)
            }
        case .object(let object): return method(name, ofObject: object, values, named)
        default:
            // An object that only a configuration makes, such as a compiler.
            readCompilerCheck(name, values, named)
        }
        return .unknown
    }

    private func feature(_ name: String, _ state: String, _ values: [MesonValue]) -> MesonValue {
        switch name {
        case "enabled": .boolean(state == "enabled")
        case "disabled": .boolean(state == "disabled")
        case "auto": .boolean(state == "auto")
        case "allowed": .boolean(state != "disabled")
        case "require": values.first?.truth == false ? .feature("disabled") : .feature(state)
        case "disable_auto_if": values.first?.truth == true && state == "auto" ? .feature("disabled") : .feature(state)
        case "enable_auto_if": values.first?.truth == true && state == "auto" ? .feature("enabled") : .feature(state)
        default: .feature(state)
        }
    }

    private func method(_ name: String, of text: String, _ values: [MesonValue]) -> MesonValue {
        switch name {
        case "to_lower": return .text(text.lowercased())
        case "to_upper": return .text(text.uppercased())
        case "strip": return .text(text.trimmingSpaces)
        case "split":
            let separator = values.first?.text?.first ?? " "
            return .list(text.split(separator: separator).map { .text(String($0)) })
        case "startswith": return values.first?.text.map { .boolean(text.hasPrefix($0)) } ?? .unknown
        case "endswith": return values.first?.text.map { .boolean(text.hasSuffix($0)) } ?? .unknown
        case "contains": return values.first?.text.map { .boolean(text.contains($0)) } ?? .unknown
        case "join": return .text(values.flatMap(\.texts).joined(separator: text))
        case "format":
            var result = text
            for (index, value) in values.enumerated() {
                guard let replacement = value.text else { return .unknown }
                result = result.replacing(text: "@\(index)@", with: replacement)
            }
            return .text(result)
        case "underscorify": return .text(String(text.map { $0.isLetter || $0.isNumber ? $0 : "_" }))
        case "to_int": return Int(text).map(MesonValue.number) ?? .unknown
        default: return .unknown
        }
    }

    private mutating func method(
        _ name: String, ofObject object: String, _ values: [MesonValue], _ named: [String: MesonValue]
    ) -> MesonValue {
        switch (object, name) {
        case ("host_machine", "system"), ("build_machine", "system"), ("target_machine", "system"):
            return .text("linux")
        case ("host_machine", "cpu_family"), ("build_machine", "cpu_family"), ("target_machine", "cpu_family"),
            ("host_machine", "cpu"):
            return .text("x86_64")
        case ("host_machine", "endian"): return .text("little")
        case ("meson", "is_subproject"), ("meson", "is_cross_build"): return .boolean(false)
        case ("meson", "project_source_root"), ("meson", "source_root"), ("meson", "current_source_dir"):
            return .text("")
        case ("module fs", "exists"), ("module fs", "is_file"), ("module fs", "is_dir"):
            guard let path = values.first?.text else { return .unknown }
            let full = joinPath(folder, path)
            return .boolean(repository.contains(full) || !repository.files(in: full).isEmpty)
        case ("module python", "find_installation"), ("module python3", "find_python"):
            survey.need(.program("python3"), isOptional: isConditional, evidence: evidence)
            return .object("python")
        case ("python", "dependency"):
            survey.need(.package("python3-dev"), isOptional: isConditional || isOptional(named), evidence: evidence)
        case ("module i18n", "gettext"), ("module i18n", "merge_file"):
            survey.need(.program("msgfmt"), isOptional: isConditional, evidence: evidence)
        case ("module gnome", _): readGnome(name)
        case ("module qt6", _), ("module qt5", _): break
        default: break
        }
        return .unknown
    }

    private mutating func readGnome(_ name: String) {
        let program: String? =
            switch name {
            case "compile_resources": "glib-compile-resources"
            case "compile_schemas": "glib-compile-schemas"
            case "generate_gir": "g-ir-scanner"
            case "genmarshal": "glib-genmarshal"
            case "mkenums", "mkenums_simple": "glib-mkenums"
            case "gdbus_codegen": "gdbus-codegen"
            case "generate_vapi": "vapigen"
            case "gtkdoc": "gtkdoc-scan"
            case "yelp": "itstool"
            default: nil
            }
        if let program { survey.need(.program(program), isOptional: isConditional, evidence: evidence) }
        if name == "generate_gir" {
            survey.need(.header("girepository.h"), isOptional: isConditional, evidence: evidence)
        }
    }

    private mutating func startProject(_ values: [MesonValue], _ named: [String: MesonValue]) {
        guard path == survey.path("meson.build") else { return }
        values.dropFirst().flatMap(\.texts).forEach { readLanguage($0) }
        for version in named["meson_version"]?.texts ?? [] { survey.toolchain("meson", version, evidence: evidence) }
        for option in named["default_options"]?.texts ?? [] {
            let sides = option.split(separator: "=", maxSplits: 1).map(String.init)
            guard sides.count == 2 else { continue }
            if sides[0] == "cpp_std" { survey.standard(cxx: sides[1], evidence: evidence) }
            if sides[0] == "c_std" { survey.standard(c: sides[1], evidence: evidence) }
        }
    }

    private mutating func readLanguage(_ name: String) {
        switch name {
        case "c": survey.language("c", evidence: evidence)
        case "cpp": survey.language("c++", evidence: evidence)
        case "fortran": survey.language("fortran", evidence: evidence)
        case "nasm": survey.language("assembly", evidence: evidence)
        case "vala": survey.need(.program("valac"), isOptional: isConditional, evidence: evidence)
        case "rust": survey.need(.program("rustc"), isOptional: isConditional, evidence: evidence)
        default: break
        }
    }

    /// What the project offers to build and to test.
    func buildSystem() -> CSurvey.BuildSystem {
        let setup = (["meson setup build"] + testOptions).joined(separator: " ")
        let build = setup + " && meson compile -C build"
        return CSurvey.BuildSystem(
            build: build, test: firstTest == nil ? nil : build + " && meson test -C build --print-errorlogs",
            evidence: Evidence(survey.path("meson.build")))
    }
}
