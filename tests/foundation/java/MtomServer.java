import java.net.InetAddress;
import java.net.ServerSocket;
import javax.xml.soap.SOAPMessage;
import javax.xml.ws.BindingType;
import javax.xml.ws.Endpoint;
import javax.xml.ws.Provider;
import javax.xml.ws.Service;
import javax.xml.ws.ServiceMode;
import javax.xml.ws.WebServiceProvider;
import javax.xml.ws.soap.SOAPBinding;

/** Receives a document by MTOM and sends it back reversed, until its standard input closes. */
@WebServiceProvider
@ServiceMode(Service.Mode.MESSAGE)
@BindingType(SOAPBinding.SOAP12HTTP_MTOM_BINDING)
public final class MtomServer implements Provider<SOAPMessage> {
    @Override
    public SOAPMessage invoke(SOAPMessage request) {
        try {
            byte[] received = Documents.read(request);
            byte[] reversed = new byte[received.length];
            for (int i = 0; i < received.length; i++) {
                reversed[i] = received[received.length - 1 - i];
            }
            return Documents.write("Reponse", reversed, Documents.sha256(received));
        } catch (Exception error) {
            throw new IllegalStateException(error);
        }
    }

    public static void main(String[] arguments) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String url = "http://127.0.0.1:" + port + "/mtom";
        Endpoint endpoint = Endpoint.publish(url, new MtomServer());
        System.out.println(url);
        while (System.in.read() >= 0) {
            // the parent closes the pipe when it has finished
        }
        endpoint.stop();
    }
}
