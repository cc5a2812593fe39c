plugins { id("shop.kotlin-conventions") }
