// OpenSSL's own header, and what Swift cannot call of it: function-like macros.
#ifndef CSSL_SHIM_H
#define CSSL_SHIM_H

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// What clients of one kind share: TLS 1.2 or later, and a certificate that verifies by the certificates of a file in PEM, or
// by the system's own where there is none. NULL where the file cannot be used.
static inline SSL_CTX *cssl_client_context(const char *file) {
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (context == NULL) return NULL;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    int is_good = SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) &&
                  (file != NULL ? SSL_CTX_load_verify_file(context, file) : SSL_CTX_set_default_verify_paths(context));
    if (is_good) return context;
    SSL_CTX_free(context);
    return NULL;
}

// The client's end of TLS on a connected socket, to a peer whose certificate must be for `host`, a name or an address. NULL
// where there is no memory for it.
static inline SSL *cssl_client(SSL_CTX *context, int descriptor, const char *host) {
    SSL *ssl = SSL_new(context);
    if (ssl == NULL) return NULL;
    int is_address = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host);
    int is_good = SSL_set_fd(ssl, descriptor) &&
                  (is_address || (SSL_set1_host(ssl, host) && SSL_set_tlsext_host_name(ssl, host)));
    if (is_good) {
        SSL_set_connect_state(ssl);
        return ssl;
    }
    SSL_free(ssl);
    return NULL;
}

#endif
