package dev.serai.engine;

/** What a test without routes says of the topic that it reads. */
final class SampleReads {
    private SampleReads() {}

    static ReadTopic of(String topic, String group) {
        return new ReadTopic("start events", topic, group, "startEvents", "conversation.camel.yaml");
    }
}
