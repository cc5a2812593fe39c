//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

public import Detection

/// The detectors that ship with the tool, in the order in which they run.
public let builtInDetectors: [any Detector] =
    [
        PythonDetector(),
        HaskellDetector(),
        OCamlDetector(),
        RDetector(),
        CDetector(),
        GoDetector(),
        RustDetector(),
        RubyDetector(),
        PerlDetector(),
        JavaDetector(),
        DotNetDetector(),
        SwiftDetector(),
        PHPDetector(),
        NodeDetector(),
        BazelDetector(),
        CommonLispDetector(),
    ] + builtInDescriptions.detectors + [
        // What languages say of themselves comes before what others say of them.
        VersionManagerDetector(),
        PackageListDetector(),
        ActionsDetector(),
        GitLabDetector(),
        CircleDetector(),
        AzureDetector(),
        TravisDetector(),
        CirrusDetector(),
        WoodpeckerDetector(),
        BitbucketDetector(),
        BuildkiteDetector(),
        JenkinsDetector(),
        OtherServicesDetector(),
        DockerfileDetector(),
        ComposeDetector(),
        DevcontainerDetector(),
        GitpodDetector(),
        PlatformDetector(),
        ServiceConfigurationDetector(),
        ClientLibraryDetector(),
        TaskRunnerDetector(),
        ReadmeDetector(),
        SubmoduleDetector(),
        LanguageDetector(),
        NotebookDetector(),
    ]
