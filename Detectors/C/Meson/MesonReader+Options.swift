//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension MesonReader {
    /// Reads the project's options and their defaults; switches of its tests are switched on.
    mutating func readOptions() {
        for name in ["meson.options", "meson_options.txt"] {
            let file = survey.path(name)
            guard repository.contains(file), let bytes = repository.bytes(file) else { continue }
            for case .expression(.call("option", let arguments, _)) in MesonParser.statements(of: bytes) {
                guard let first = arguments.positional.first, case .text(let option) = evaluate(first) else { continue }
                options[option] = defaultValue(of: option, arguments)
            }
        }
    }

    private mutating func defaultValue(of option: String, _ arguments: MesonArguments) -> MesonValue {
        let type = arguments.named["type"].map { evaluate($0) }?.text
        let value = arguments.named["value"].map { evaluate($0) }
        switch type {
        case "feature":
            let state = value?.text ?? "auto"
            guard isSwitchOfAllTests(option, project: "") else { return .feature(state) }
            if state == "disabled" { testOptions.append("-D\(option)=enabled") }
            return .feature(state == "auto" ? "auto" : "enabled")
        case "boolean":
            let isOn = value?.truth ?? (value?.text.map { $0 == "true" } ?? true)
            if !isOn, isSwitchOfAllTests(option, project: "") {
                testOptions.append("-D\(option)=true")
                return .boolean(true)
            }
            return .boolean(isOn)
        case "combo":
            return value ?? arguments.named["choices"].map { evaluate($0) }.flatMap {
                $0.texts.first.map(MesonValue.text)
            } ?? .unknown
        case "array":
            return value ?? arguments.named["choices"].map { evaluate($0) } ?? .unknown
        default:
            return value ?? .text("")
        }
    }

    /// The value of `get_option(NAME)`, the built-in ones included.
    func option(_ name: String) -> MesonValue {
        if let value = options[name] { return value }
        switch name {
        case "buildtype": return .text("debug")
        case "default_library": return .text("shared")
        case "auto_features": return .feature("auto")
        case "prefix": return .text("/usr/local")
        case "libdir": return .text("lib")
        case "werror", "b_lundef", "b_coverage", "b_lto": return .boolean(false)
        case "b_sanitize": return .text("none")
        case "wrap_mode": return .text("default")
        default: return .unknown
        }
    }
}
