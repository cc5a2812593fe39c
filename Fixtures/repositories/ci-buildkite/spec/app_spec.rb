describe("app") {}
