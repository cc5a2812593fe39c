using Test
