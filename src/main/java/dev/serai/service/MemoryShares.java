package dev.serai.service;

import dev.serai.settings.KafkaSettings;

/**
 * How the maximum heap is shared out among what events can make grow, in bytes. What is left, somewhat less than half, is for the
 * session table, tables of sources, buffers of Kafka's clients, requests and replies that wait, and the collector.
 *
 * @param records of the start events that are held, as they came
 * @param held how many start events are held, most of them as they came: a number, and no bytes
 * @param rawRecords of all intakes that are held, as they came
 * @param decodedEvents that are heavy, together
 * @param lightEvent a decoded event of at most this weight is not counted: as many as are ever held fit into a sixteenth
 * @param heaviestEvent what an event may weigh that is decoded at all
 * @param decodedAnswers of the provider that are heavy, together
 * @param lightAnswer a decoded answer of at most this weight is not counted: it is held for a moment only
 */
record MemoryShares(
        long records,
        int held,
        long rawRecords,
        long decodedEvents,
        long lightEvent,
        long heaviestEvent,
        long decodedAnswers,
        long lightAnswer) {

    /** The weight of an event with a few short texts: it must never wait, however many are held. */
    private static final long LEAST_LIGHT = 16 << 10;

    private static final long LIGHT_ANSWER = 64 << 10;

    /** What an event costs that waits, besides its record: its exchange, its delivery, its place in the queue. */
    private static final long WAITING = 4 << 10;

    /** For each that runs so many may be held. */
    private static final int HELD_PER_RUNNING = 16;

    static MemoryShares of(KafkaSettings kafka) {
        return of(Runtime.getRuntime().maxMemory(), kafka);
    }

    static MemoryShares of(long heap, KafkaSettings kafka) {
        Integer records = kafka.maxInFlightBytes();
        return new MemoryShares(
                records == null ? heap / 16 : records,
                Math.clamp(heap / 16 / WAITING, kafka.maxInFlight(), HELD_PER_RUNNING * kafka.maxInFlight()),
                heap / 16,
                heap / 4,
                Math.max(LEAST_LIGHT, heap / 16 / kafka.maxInFlight()),
                heap / 2,
                heap / 8,
                LIGHT_ANSWER);
    }
}
