use std::borrow::Cow;
use std::sync::Arc;

use rten::{Model, RunOptions, ThreadPool};
use rten_tensor::prelude::*;
use rten_tensor::{AsView, NdTensor, Tensor};

/// Neural network: from a batch of pictures to a tensor.
pub(crate) struct Network {
    model: Model,
}

thread_local! {
    /// Pool of one thread for each thread that reads a page: a page is the work of one processor.
    static POOL: Arc<ThreadPool> = Arc::new(ThreadPool::with_num_threads(1));
}

/// Pictures as a network takes them: one, of three colours, row by row.
pub(crate) struct Input {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Values of one colour; the others are equal, but for [`Self::channels`].
    pub(crate) gray: Vec<f32>,
    /// Factor and summand of each colour.
    pub(crate) channels: [[f32; 2]; 3],
}

/// Result of a network.
pub(crate) struct Output {
    pub(crate) shape: Vec<usize>,
    pub(crate) values: Vec<f32>,
}

impl Network {
    /// Loads a network of the ONNX format.
    ///
    /// # Errors
    /// Reason, in words.
    pub(crate) fn load(onnx: Cow<'static, [u8]>) -> Result<Self, String> {
        let model = match onnx {
            Cow::Borrowed(onnx) => Model::load_static_slice(onnx),
            Cow::Owned(onnx) => Model::load(onnx),
        };
        let model = model.map_err(|error| error.to_string())?;
        Ok(Self { model })
    }

    /// Runs the network.
    ///
    /// # Errors
    /// Reason, in words.
    pub(crate) fn run(&self, input: Input) -> Result<Output, String> {
        let mut values = Vec::with_capacity(3 * input.gray.len());
        for [factor, summand] in input.channels {
            values.extend(input.gray.iter().map(|gray| gray * factor + summand));
        }
        let shape = [1, 3, input.height, input.width];
        let tensor = NdTensor::try_from_data(shape, values).map_err(|error| error.to_string())?;
        let options = RunOptions::default().with_thread_pool(Some(POOL.with(Arc::clone)));
        let output = self.model.run_one(tensor.into(), Some(options));
        let output = output.map_err(|error| error.to_string())?;
        let output: Tensor<f32> = output.try_into().map_err(|_| "the network gives no numbers")?;
        Ok(Output {
            shape: output.shape().to_vec(),
            values: output.to_vec(),
        })
    }
}
