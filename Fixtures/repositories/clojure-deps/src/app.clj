(ns app)
