from parcel.tests.test_weight import test_suite
