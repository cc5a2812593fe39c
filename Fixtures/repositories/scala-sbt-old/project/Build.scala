import sbt._
import sbt.Keys._

object OrbitBuild extends Build {
  override lazy val settings = super.settings ++ Seq(scalaVersion := "2.10.4")
  lazy val parser = Project("parser", file("parser"))
  lazy val ast = Project("ast", file("ast")).dependsOn(parser)
}
