package dev.serai.connect.gate;

import java.time.Duration;

/**
 * What an operator decides about a gate. The numbers are for the whole fleet; each replica takes its {@link Share}.
 *
 * @param maxConcurrent calls at once, at least 1
 * @param rate calls per second; 0: as many as there are
 * @param burst calls that may begin at once after a pause, at least 1; only together with a rate
 * @param coolDown how long no call begins after an answer that the provider is busy, unless it says how long
 * @param credentialsProbe between two calls while the credentials are refused, or the plan is used up
 * @param outageCalls so many events in a row whose calls failed are the provider's failing, see {@link Breaker}; at least 2
 * @param outageProbe before the first call after an outage began
 * @param maxOutageProbe between two calls during an outage, at most
 */
public record GateRules(
        int maxConcurrent,
        double rate,
        int burst,
        Duration coolDown,
        Duration credentialsProbe,
        int outageCalls,
        Duration outageProbe,
        Duration maxOutageProbe) {}
