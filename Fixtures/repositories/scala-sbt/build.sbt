import Dependencies._

val scala3 = "3.3.4"
ThisBuild / scalaVersion := scala3
ThisBuild / javacOptions ++= Seq("--release", "11")

lazy val root = (project in file(".")).aggregate(core, web)
lazy val core = project
  .settings(libraryDependencies += "org.postgresql" % "postgresql" % "42.7.3")
lazy val web = project.in(file("modules/web")).dependsOn(core)
  .settings(
    scalacOptions += "-release:17",
    libraryDependencies += "redis.clients" % "jedis" % "5.1.0" % Test,
  )
