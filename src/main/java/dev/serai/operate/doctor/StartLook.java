package dev.serai.operate.doctor;

import java.util.List;

/** What a start would find: looked at by who knows the service. Thread-safe; several may ask at once. */
public interface StartLook {
    /** The port of health and metrics. */
    List<Found> http() throws Exception;

    List<Found> routes() throws Exception;

    List<Found> sources() throws Exception;

    /** Mappings of intakes, their tables, and their tests. */
    List<Found> mappings() throws Exception;

    /** How often consumers poll. */
    List<Found> poll() throws Exception;

    /** Topics that are missing, or do not fit; asks Kafka. */
    List<Found> topics() throws Exception;

    /** Asks Kafka. */
    List<Found> rights() throws Exception;
}
