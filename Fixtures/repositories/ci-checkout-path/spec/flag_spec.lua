describe("flag", function() end)
