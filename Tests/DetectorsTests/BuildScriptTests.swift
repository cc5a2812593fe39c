//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection
import Testing

@testable import Detectors

@Suite struct BuildScriptTests {
    @Test func readsXMLWithDeclarationsAndEntities() throws {
        let text =
            "\u{FEFF}<?xml version='1.0'?>\r\n<!DOCTYPE a [<!ENTITY x \"<b>\">]>\r\n"
            + "<a k='&lt;1&#62;'>\r\n<!-- <c/> --><b>x &amp; &x; <![CDATA[<y>]]></b><b/></a>"
        let root = try parseXML(Array(text.utf8))
        #expect(root.attributes == ["k": "<1>"])
        #expect(root.children.map(\.name) == ["b", "b"])
        #expect(root.children.first?.text == "x & &x; <y>")
        #expect(root.children.map(\.line) == [4, 4])
    }

    @Test(arguments: [
        ("", 1), ("text", 1), ("<a>\n<b>\n</a>", 3), ("<a\n", 1), ("<a b=c/>", 1), ("<a>\n<b", 2), ("<!-- ", 1),
        ("<a><![CDATA[", 1), ("</a>", 1), ("< >", 1),
    ])
    func namesTheLineOfBrokenXML(text: String, line: Int) {
        #expect { try parseXML(Array(text.utf8)) } throws: { ($0 as? XMLError)?.line == line }
    }

    @Test func refusesWhatNestsTooDeeply() {
        let text = String(repeating: "<a>", count: 100_000)
        #expect(throws: XMLError.self) { try parseXML(Array(text.utf8)) }
    }

    @Test func splitsScriptsIntoTokens() {
        let text = """
            val a = "x${b("q")}y" // "no"
            /* /* nested */ "no" */ c = 1.8; `java-library`
            d = \"\"\"long
            text\"\"\" e
            """
        let tokens = scriptTokens(text, .kotlin).filter { $0.kind != .lineEnd }
        #expect(
            tokens.map(\.text) == [
                "val", "a", "=", "x${b(\"q\")}y", "c", "=", "1.8", ";", "java-library", "d", "=", "long\ntext", "e",
            ])
        #expect(tokens.last?.line == 4)
        #expect(tokens.first { $0.kind == .number }?.text == "1.8")
    }

    @Test(arguments: ["\"", "'", "\"\"\"", "/*", "`", "\"${", "\\", "'a", "\"\\", "{{{", "}}}", ")))", "#if", "\u{0}"])
    func survivesUnclosedScripts(text: String) {
        for language in [ScriptLanguage.groovy, .kotlin, .scala, .swift] {
            _ = scriptTokens(text, language)
        }
        _ = EDNNode.parse(text)
        let names = [
            "build.gradle", "settings.gradle.kts", "build.sbt", "Package.swift", "project.clj", "deps.edn",
            "build.mill",
            "pom.xml", "build.xml", "App.sln", "App.csproj", "App.slnx", "global.json", "gradle/libs.versions.toml",
            "src/main/resources/application.yml", "gradle/wrapper/gradle-wrapper.properties", "project.scala",
        ]
        for name in names {
            for text in [text, "plugins { id(" + text, "defproject x " + text, "Project(" + text, "include(" + text] {
                let files = [name: text, "A.java": "", "src/B.swift": ""]
                let detectors: [any Detector] = [JavaDetector(), DotNetDetector(), SwiftDetector(), BazelDetector()]
                _ = detect(in: Repository(Checkout(files: files)), using: detectors)
            }
        }
    }

    @Test func readsEDN() throws {
        let text = "{:a [1 #_2 ^:m x \"s\\\"\"] ; c\n #?(:clj b) #{3} :d {:e \\f}}"
        let root = try #require(EDNNode.parse(text).first)
        #expect(root[":a"]?.items.compactMap { $0.atom ?? $0.string } == ["1", "x", "s\""])
        let deep = String(repeating: "[", count: 200_000)
        #expect(EDNNode.parse(deep).count == 1)
    }

    @Test(arguments: [
        ("17", 17), ("1.8", 8), ("1.8.0_292", 8), ("21.0.2+13", 21), ("VERSION_1_8", 8), ("JVM_17", 17),
        ("VERSION_21", 21),
    ])
    func readsReleasesOfJava(text: String, number: Int) {
        #expect(javaReleaseNumber(text) == number)
    }

    @Test(arguments: ["", "abc", "3", "100", "${x}", "-1"])
    func refusesWhatIsNoReleaseOfJava(text: String) {
        #expect(javaReleaseNumber(text) == nil)
    }

    @Test(arguments: [
        ("4.10.2", 7, 10), ("6.9", 8, 15), ("7.6.4", 8, 19), ("8.5", 8, 21), ("8.14.3", 8, 24), ("9.0.0", 17, 24),
        ("9.1.0", 17, 25), ("8.5-rc-1", 8, 21),
    ])
    func knowsWhatGradleRunsOn(version: String, oldest: Int, newest: Int) throws {
        let line = "distributionUrl=https\\://services.gradle.org/distributions/gradle-\(version)-bin.zip\r\n"
        let files = ["gradle/wrapper/gradle-wrapper.properties": line]
        let wrapper = try #require(GradleWrapper(Repository(Checkout(files: files)), in: ""))
        #expect(wrapper.version == version)
        #expect(wrapper.java?.oldest == oldest)
        #expect(wrapper.java?.newest == newest)
    }

    @Test(
        arguments: [
            ("jdbc:postgresql://h/db", "postgres"), ("jdbc:tc:mysql:8:///x", "mysql"), ("amqps://x", "rabbitmq"),
            ("jdbc:h2:mem:x", nil), ("http://x", nil), ("", nil),
        ] as [(String, String?)])
    func tellsServicesByAddress(text: String, name: String?) {
        #expect(service(ofURL: text) == name)
    }

    @Test(
        arguments: [
            ("net8.0", "8.0", false), ("net10.0-windows10.0.19041", "10.0", false), ("netcoreapp3.1", "3.1", false),
            ("netstandard2.0", nil, false), ("net48", nil, true), ("v4.7.2", nil, true), ("net472", nil, true),
        ] as [(String, String?, Bool)])
    func readsTargetFrameworks(name: String, release: String?, isFramework: Bool) {
        let framework = MSBuildProject.Framework(name: name, evidence: Evidence("x"))
        #expect(framework.release == release)
        #expect(framework.isFramework == isFramework)
    }

    /// Forms in which scripts of Gradle state the JDK.
    @Test(
        arguments: [
            ("java.toolchain.languageVersion = JavaLanguageVersion.of(17)", "pin 17"),
            ("java { toolchain { languageVersion.set(JavaLanguageVersion.of(\"21\")) } }", "pin 21"),
            ("kotlin.jvmToolchain(11)", "pin 11"),
            ("kotlin { jvmToolchain { languageVersion.set(JavaLanguageVersion.of(17)) } }", "pin 17"),
            ("val jdk = 21\nkotlin { jvmToolchain(jdk) }", "pin 21"),
            ("val jdk: String by project\nkotlin { jvmToolchain(jdk.toInt()) }", "pin 17"),
            (
                "java { toolchain { languageVersion = providers.gradleProperty(\"jdk\").map { JavaLanguageVersion.of(it) } } }",
                "pin 17"
            ),
            ("java { toolchain { languageVersion = libs.versions.jdk.map(JavaLanguageVersion::of) } }", "pin 22"),
            (
                "plugins.withType<JavaPlugin> { configure<JavaPluginExtension> { toolchain { "
                    + "languageVersion = JavaLanguageVersion.of(17) } } }", "pin 17"
            ),
            (
                "val old = javaToolchains.launcherFor { languageVersion.set(JavaLanguageVersion.of(11)) }", "hint 11"
            ),
            ("sourceCompatibility = 1.8", "range >=8"),
            ("sourceCompatibility = '11'", "range >=11"),
            ("sourceCompatibility '11'", "range >=11"),
            ("java.sourceCompatibility = JavaVersion.VERSION_17", "range >=17"),
            ("java { sourceCompatibility(JavaVersion.VERSION_1_8) }", "range >=8"),
            ("project.ext.v = JavaVersion.VERSION_11\ntargetCompatibility = project.ext.v", "range >=11"),
            ("ext.set(\"v\", \"17\")\nsourceCompatibility = ext[\"v\"]", "range >=17"),
            ("extra[\"v\"] = 17\ntasks.compileJava { options.release.set(extra[\"v\"] as Int) }", "range >=17"),
            ("sourceCompatibility = findProperty('nope') ?: 11", "range >=11"),
            ("tasks.withType(JavaCompile) { options.release = 21 }", "range >=21"),
            ("tasks.withType<KotlinCompile> { kotlinOptions.jvmTarget = \"17\" }", "range >=17"),
            ("kotlin { compilerOptions { jvmTarget.set(JvmTarget.JVM_11) } }", "range >=11"),
            ("kotlin { compilerOptions { jvmTarget = JvmTarget.fromTarget(\"21\") } }", "range >=21"),
            ("sourceCompatibility = \"$jdk\"", "range >=17"),
            ("sourceCompatibility = \"${project.jdk}\"", "range >=17"),
            ("// sourceCompatibility = 8", nil), ("if (JavaVersion.current().isJava11Compatible()) { }", nil),
            ("kotlin { compilerOptions { languageVersion = KotlinVersion.KOTLIN_2_0 } }", nil),
            ("kotlinOptions { languageVersion = \"1.9\" }", nil), ("sourceCompatibility = unknown", nil),
            ("version = '17'", nil), ("tasks.release { dependsOn(x) }", nil),
        ] as [(String, String?)])
    func readsTheJDKOfGradle(script: String, expected: String?) {
        for name in ["build.gradle", "build.gradle.kts"] where name.hasSuffix(".kts") || !script.contains("val ") {
            if name.hasSuffix(".kts"), script.contains("'") { continue }
            let files = [
                name: script, "gradle.properties": "jdk=17\n", "A.java": "",
                "gradle/libs.versions.toml": "[versions]\njdk = \"22\"\n",
            ]
            let statements = JavaDetector().findings(in: Repository(Checkout(files: files))).compactMap { finding in
                if case .toolchain(let item) = finding, item.tool == "java", !item.constraint.isEmpty {
                    return "\(item.kind.rawValue) \(item.constraint)"
                }
                return nil
            }
            #expect(statements == [expected].compactMap(\.self), "\(name)")
        }
    }
}
