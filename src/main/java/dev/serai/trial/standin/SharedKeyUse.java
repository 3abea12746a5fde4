package dev.serai.trial.standin;

/**
 * What became of one {@code shared_session_key}.
 *
 * @param account counts the API keys from 1, in the order of the options; each has shared keys of its own
 * @param sharedSessionKey as sent
 * @param roomsCreated how many rooms were ever made with it
 * @param sessionsOpened how many sessions were ever opened in them
 * @param openSessions how many of these are open
 */
public record SharedKeyUse(
        int account, String sharedSessionKey, long roomsCreated, long sessionsOpened, int openSessions) {}
