package dev.serai.trial.standin;

/** What a call is for: the provider's endpoints, sample data, or a path that the stand-in does not have. */
enum CallKind {
    CONNECT,
    DISCONNECT,
    CHARACTER_LIST,
    ENRICHMENT,
    OTHER
}
