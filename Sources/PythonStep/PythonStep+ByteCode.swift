//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import SystemPackage

extension PythonStep {
    /// Compiles what is installed in the environment, as pip does.
    ///
    /// Otherwise every process of a user who cannot write there compiles anew, and warnings of the compiler about
    /// installed modules reach test suites that make errors of warnings. The sources must have their final times
    /// already: byte code is valid for those. One process in a fixed order, so that two runs agree.
    func compileEnvironment(in upper: UpperLayer) async throws(PythonStepError) {
        let script = """
            import compileall, py_compile
            mode = py_compile.PycInvalidationMode.TIMESTAMP
            compileall.compile_dir("\(Place.environment)/lib", quiet=2, workers=1, invalidation_mode=mode)
            """
        // Without `site`, nothing that is installed runs. Modules that this Python cannot parse are left out.
        let arguments = [Place.systemPython, "-S", "-W", "ignore", "-c", script]
        try await run(Invocation(arguments: arguments, cache: try sharedCache()), in: root, upper: upper)
        try setTimes(below: upper.folder)
    }
}
