package dev.serai.engine;

/**
 * A topic that a process reads event by event, for what is said of it and for the rules of its endpoint.
 *
 * @param events what its records are, for messages: {@code start events}, for example
 * @param groupId the consumer group whose offsets are committed with what the records come to
 * @param bean the name by which the endpoint knows its {@link StartEventClients}
 * @param line the route file where the line of one record begins, for whoever wants a step more
 */
public record ReadTopic(String events, String topic, String groupId, String bean, String line) {
    /** What the endpoint says that reads it. */
    public String option() {
        return "kafkaClientFactory=#" + bean;
    }
}
