package dev.switchboard.extension.own;

import org.apache.camel.Exchange;
import org.apache.camel.spi.TypeConverterLoader;
import org.apache.camel.spi.TypeConverterRegistry;
import org.apache.camel.support.TypeConverterSupport;

/** An operator's own type converter. */
public final class ParcelConverters implements TypeConverterLoader {

    @Override
    public void load(TypeConverterRegistry registry) {
        registry.addTypeConverter(String.class, Parcel.class, new TypeConverterSupport() {
            @Override
            public <T> T convertTo(Class<T> type, Exchange exchange, Object value) {
                return type.cast("{\"id\":\"parcel-" + ((Parcel) value).number()
                        + "\",\"vendor\":\"happytalk\",\"operation\":\"counsellors\"}");
            }
        });
    }
}
