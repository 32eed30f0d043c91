import javax.xml.namespace.QName;
import javax.xml.soap.SOAPMessage;
import javax.xml.ws.Dispatch;
import javax.xml.ws.Service;
import javax.xml.ws.soap.SOAPBinding;

/** Sends a document by MTOM to the given address and prints what came back. */
public final class MtomClient {
    private static final int SIZE = 70_000;

    private MtomClient() {}

    public static void main(String[] arguments) throws Exception {
        byte[] document = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            document[i] = (byte) (i * 31);
        }
        QName port = new QName(Documents.NS, "Port");
        Service service = Service.create(new QName(Documents.NS, "Service"));
        service.addPort(port, SOAPBinding.SOAP12HTTP_MTOM_BINDING, arguments[0]);
        Dispatch<SOAPMessage> dispatch = service.createDispatch(port, SOAPMessage.class, Service.Mode.MESSAGE);
        SOAPMessage answer = dispatch.invoke(Documents.write("Depot", document, Documents.sha256(document)));
        System.out.println(Documents.sha256(Documents.read(answer)));
    }
}
