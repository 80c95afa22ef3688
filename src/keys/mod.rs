//! Where private keys live: sealed software keys, PKCS#12, PKCS#11.
