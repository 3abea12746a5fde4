package dev.serai.wire.cloudevents;

/** How a record holds a CloudEvent. Another one, of several events at once, Kafka's binding does not have. */
public enum Mode {
    /** The value is the data, the attributes are headers. */
    BINARY,
    /** The value is a JSON object of attributes and data. */
    STRUCTURED;

    /** Where an attribute is, for whoever is to mend it: a header's name or a JSON pointer. */
    String place(String attribute) {
        return this == BINARY ? "header " + Attributes.PREFIX + attribute : "/" + attribute;
    }
}
