// libcurl's own header, and its variadic calls with the types that are used, since Swift cannot make variadic ones.
#ifndef CCURL_SHIM_H
#define CCURL_SHIM_H

#include <curl/curl.h>

static inline CURLcode ccurl_set_number(CURL *easy, CURLoption option, long number) {
    return curl_easy_setopt(easy, option, number);
}

// libcurl keeps a copy of `text`.
static inline CURLcode ccurl_set_text(CURL *easy, CURLoption option, const char *text) {
    return curl_easy_setopt(easy, option, text);
}

// libcurl keeps `pointer` itself: a list, a buffer, or what a callback is given.
static inline CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *pointer) {
    return curl_easy_setopt(easy, option, pointer);
}

// Where the body comes from.
static inline CURLcode ccurl_set_reader(CURL *easy, curl_read_callback reader) {
    return curl_easy_setopt(easy, CURLOPT_READFUNCTION, reader);
}

// Who is asked to begin with the body anew.
static inline CURLcode ccurl_set_seeker(CURL *easy, curl_seek_callback seeker) {
    return curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, seeker);
}

// Where the answer goes: `option` is CURLOPT_WRITEFUNCTION or CURLOPT_HEADERFUNCTION.
static inline CURLcode ccurl_set_writer(CURL *easy, CURLoption option, curl_write_callback writer) {
    return curl_easy_setopt(easy, option, writer);
}

// The status of the answer; 0 where there was none.
static inline long ccurl_status(CURL *easy) {
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

// How a transfer that a multi handle tells of has ended.
static inline CURLcode ccurl_result(const CURLMsg *message) { return message->data.result; }

#endif
