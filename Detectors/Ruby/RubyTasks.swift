//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Checkout
import Detection

extension ProjectFindings {
    /// The commands of a Ruby project. With a lockfile they run through Bundler.
    mutating func rubyTasks(in directory: String, gems: Set<String>, gemfile: String?, isLocked: Bool) {
        let prefix = isLocked ? "bundle exec " : ""
        func path(_ name: String) -> String { joinPath(directory, name) }
        if let gemfile { task("install", "bundle install", .inferred, in: directory, Evidence(gemfile)) }
        let rakefile = ["Rakefile", "rakefile", "Rakefile.rb"].map(path).first(where: repository.contains)
        let rails = path("bin/rails")
        if let helper = repository.files(in: path("spec")).first(where: {
            $0.name == "spec_helper.rb" || $0.name == "rails_helper.rb"
        }) {
            system(.module(language: "ruby", name: "rspec"), .test, Evidence(helper.path))
            task("test", "\(prefix)rspec", .inferred, in: directory, Evidence(helper.path))
        } else if repository.contains(rails) {
            task("test", "bin/rails test", .inferred, in: directory, Evidence(rails))
        } else if let rakefile, let (name, line) = testTask(rakefile) {
            task("test", "\(prefix)rake \(name)", .inferred, in: directory, Evidence(rakefile, line: line))
        }
        if let rakefile { system(.program("rake"), .build, Evidence(rakefile)) }
        if let settings = [".rubocop.yml", ".standard.yml"].first(where: { repository.contains(path($0)) }) {
            let command = settings == ".rubocop.yml" ? "rubocop" : "standardrb"
            task("lint", "\(prefix)\(command)", .inferred, in: directory, Evidence(path(settings)))
        }
        rubyStart(in: directory, gems, prefix)
    }

    private mutating func rubyStart(in directory: String, _ gems: Set<String>, _ prefix: String) {
        func path(_ name: String) -> String { joinPath(directory, name) }
        if repository.contains(path("bin/rails")), repository.contains(path("config/application.rb")) {
            task("start", "bin/rails server", .inferred, in: directory, Evidence(path("bin/rails")))
        } else if repository.contains(path("config.ru")) {
            let server = ["puma", "thin", "falcon"].first(where: gems.contains)
            let command = ["puma": "puma", "thin": "thin start", "falcon": "falcon serve"][server ?? ""] ?? "rackup"
            task("start", "\(prefix)\(command)", .inferred, in: directory, Evidence(path("config.ru")))
        }
        let puma = path("config/puma.rb")
        for (index, line) in repository.lines(puma).enumerated() {
            let text = line.trimmingSpaces
            // `port ENV.fetch("PORT", 3000)`, `port 9292`, `bind "tcp://0.0.0.0:9292"`
            guard text.hasPrefix("port ") || text.hasPrefix("port(") || text.hasPrefix("bind ") else { continue }
            let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
            guard let port = numbers.last(where: { (80...65_535).contains($0) }) else { continue }
            add(.port(PortFinding(port, evidence: Evidence(puma, line: index + 1))))
        }
    }

    /// The task of a Rakefile that runs the tests, with its line: one that is called so, or the default one.
    private func testTask(_ rakefile: String) -> (name: String, line: Int)? {
        var fallback: (name: String, line: Int)?
        for (index, line) in repository.lines(rakefile).enumerated() {
            let text = line.trimmingSpaces
            if text.hasPrefix("#") { continue }
            if text.range(ofText: "TestTask") != nil || text.hasPrefix("task :test") || text.hasPrefix("task test:") {
                return ("test", index + 1)
            }
            if text.range(ofText: "RSpec::Core::RakeTask") != nil { fallback = fallback ?? ("spec", index + 1) }
            // `task default: %i[test lint]`, `task :default => :spec`
            let isDefault = text.hasPrefix("task default:") || text.hasPrefix("task :default")
            guard isDefault, fallback == nil else { continue }
            let words = text.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != ":" }.dropFirst(2)
            let names = words.map { $0.filter { $0 != ":" } }
            if let name = names.first(where: { ["test", "spec", "tests", "specs", "cucumber"].contains($0) }) {
                fallback = (name, index + 1)
            }
        }
        return fallback
    }
}
