test_that("x", {})
