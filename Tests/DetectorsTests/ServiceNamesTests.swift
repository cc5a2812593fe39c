//
// This source file is part of the Fitout project
//
// SPDX-License-Identifier: Apache-2.0

import Detection
import Testing

@testable import Detectors

@Suite struct ServiceNamesTests {
    @Test(arguments: [
        ("postgres:16-alpine", "postgres", "16"), ("bitnami/postgresql:16.1.0-debian-11-r0", "postgres", "16.1.0"),
        ("postgis/postgis:16-3.4", "postgres", "16"), ("timescale/timescaledb:2.14.2-pg15", "postgres", "15"),
        ("pgvector/pgvector:pg16", "postgres", "16"),
        ("mcr.microsoft.com/mssql/server:2019-latest", "sqlserver", "2019"),
        ("docker.elastic.co/elasticsearch/elasticsearch:8.12.0", "elasticsearch", "8.12.0"),
        ("registry.example.org:5000/library/redis:7.2@sha256:00", "redis", "7.2"), ("redis/redis-stack", "redis", nil),
        ("minio/minio:RELEASE.2024-01-31T20-20-33Z", "minio", nil), ("amazon/dynamodb-local:latest", "dynamodb", nil),
        ("confluentinc/cp-kafka:7.5.0", "kafka", "7.5.0"), ("localstack/localstack:3", "localstack", "3"),
        ("example/own-thing:1.2", "own-thing", "1.2"),
    ])
    func namesServicesOfImages(image: String, name: String, version: String?) {
        let service = ImageReference(image).service(port: nil, evidence: Evidence("x"))
        #expect(service?.name == name)
        #expect(service?.version == version)
    }

    @Test func knowsImagesThatAreNoServices() {
        #expect(!ImageReference("example/server:1").isService)
        #expect(!ImageReference("python:3.12").isService)
        #expect(ImageReference("").service(port: nil, evidence: Evidence("x")) == nil)
    }

    @Test(arguments: [
        ("postgres://u:p@h:5433/db", "postgres", 5433), ("postgresql+asyncpg://h/db", "postgres", nil),
        ("jdbc:mysql://h:3306/db?x=1", "mysql", 3306), ("mongodb+srv://u@h/db", "mongo", nil),
        ("amqp://guest@localhost//", "rabbitmq", nil), ("rediss://h:6380", "redis", 6380),
        ("redis://[::1]:6379", "redis", nil), ("https://example.org", nil, nil), ("://", nil, nil),
        ("postgres", nil, nil),
    ])
    func readsAddresses(text: String, service: String?, port: Int?) {
        let address = ServiceAddress(text)
        #expect(address?.service == service)
        #expect(address?.port == port)
    }

    @Test(arguments: [
        ("python:3.11-slim-bookworm", "python 3.11"), ("node:20-alpine", "node 20"),
        ("maven:3.9-eclipse-temurin-17", "maven 3.9, java 17"), ("gradle:8.5-jdk17-jammy", "gradle 8.5, java 17"),
        ("mcr.microsoft.com/devcontainers/python:1-3.12-bookworm", "python 3.12"),
        ("mcr.microsoft.com/devcontainers/typescript-node:20", "node 20"),
        ("mcr.microsoft.com/dotnet/sdk:8.0", "dotnet 8.0"),
        ("nikolaik/python-nodejs:python3.11-nodejs20", "python 3.11, node 20"),
        ("hexpm/elixir:1.15.7-erlang-26.1.2-debian-bookworm-20231009", "elixir 1.15.7, erlang 26.1.2"),
        ("openjdk:17-jdk-slim", "java 17"), ("ghcr.io/astral-sh/uv:python3.12-bookworm", "python 3.12"),
        ("debian:bookworm", ""), ("postgres:16", ""), ("python", ""), ("python:latest", ""),
    ])
    func readsToolsOfImages(image: String, expected: String) {
        #expect(
            ImageReference(image).toolchains.map { "\($0.tool) \($0.version)" }.joined(separator: ", ") == expected)
    }

    @Test(arguments: [
        ("$A-${B}", "1-2"), ("${C:-x}", "x"), ("${C-x}", "x"), ("${A:-x}", "1"), ("$", ""), ("${", "{"), ("a$", "a"),
        ("$C", ""), ("${C}", ""), ("text", "text"),
    ])
    func interpolates(text: String, expected: String) {
        #expect(interpolated(text, ["A": "1", "B": "2"]) == expected)
    }

    @Test func mapsPackagesOfOtherDistributions() {
        func names(_ line: String) -> [String]? {
            needsForForeign(installedBy: shellWords(line))?.map { found in
                if case .package(let name) = found.need { name } else { "\(found.need)" }
            }
        }
        #expect(
            names("apk add --no-cache -t .deps build-base 'postgresql-dev~15' unheard-of") == [
                "build-essential", "libpq-dev",
            ])
        #expect(names("dnf -y install gcc-c++ libpq-devel") == ["g++", "libpq-dev"])
        #expect(names("apk del build-base") == nil)
        #expect(names("pacman -Syu --noconfirm zlib xorg-server-xvfb") == ["zlib1g-dev", "xvfb"])
        #expect(names("pacman -Rs zlib") == nil)
        #expect(
            names("conda install -y -c conda-forge 'fftw>=3' conda-forge::hdf5=1.14") == [
                "libfftw3-dev", "libhdf5-dev",
            ])
        #expect(names("brew install homebrew/core/pcre@8") == ["pkgConfig(\"libpcre\")"])
        #expect(names("apk add pc:libpng cmd:xmllint=2") == ["pkgConfig(\"libpng\")", "program(\"xmllint\")"])
        #expect(
            names("dnf install 'pkgconfig(glib-2.0)' /usr/bin/xsltproc 'perl(JSON)' '(x)'") == [
                "pkgConfig(\"glib-2.0\")", "program(\"xsltproc\")", "module(language: \"perl\", name: \"JSON\")",
            ])
        #expect(names("apt-get install x") == nil)
        #expect(names("apk") == [] || names("apk") == nil)
    }
}
