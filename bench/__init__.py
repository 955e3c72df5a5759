"""The product's figures on this computer: measured several times, printed beside their aims, kept in results.json."""
